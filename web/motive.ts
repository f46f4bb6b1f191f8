import { computed, ref } from 'vue'
import type { FieldError } from './form.ts'
import { useCatalogues } from './stores/catalogues.ts'
import { i18n } from './text/index.ts'

/** A text that has to say something: a reason of the list that asks for words is not answered with "ok". */
export const isShort = (text: string) => text.trim().length < 10

/** The motive of a choice as it is filled in, and what is missing in it. */
export function useMotive() {
  const catalogues = useCatalogues()
  const code = ref('')
  const text = ref('')
  const needsText = computed(
    () =>
      catalogues.catalogues?.overrideReasons.find(reason => reason.code === code.value)?.needsText ?? false,
  )

  function wrong(): FieldError[] {
    const { t } = i18n.global
    const errors: FieldError[] = []
    if (!code.value) errors.push({ field: 'reasonCode', message: t('rounds.choice.errors.reasonCode') })
    if (needsText.value && isShort(text.value))
      errors.push({ field: 'reasonText', message: t('rounds.choice.errors.reasonText') })
    return errors
  }
  /** As the contract has it. */
  const body = () => ({ reasonCode: code.value || null, reasonText: text.value.trim() || null })

  return { code, text, wrong, body }
}

import { computed, ref } from 'vue'
import type { Alternative, Standing } from '../../server/contract/explanations.ts'
import { useCatalogues } from '../base/catalogues.ts'
import type { FieldError } from '../base/form.ts'
import { i18n } from '../text/index.ts'

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

/** The broken rules by what they ask of who goes on all the same. */
export function asksOf(broken: Alternative['broken']) {
  const by = (kind: Alternative['broken'][number]['setAside']) =>
    broken.filter(rule => rule.setAside === kind)
  return {
    never: by('never'),
    motive: by('motive'),
    right: by('right'),
    unregistered: by('unregisteredException'),
  }
}

/** In the order in which people are listed: who may, who may with a reason or an approval, and who may not. */
export const STANDINGS = ['may', 'withReason', 'mayNot'] as const satisfies readonly Standing[]

/** What people give for the broken rules of one pair. */
export interface Given {
  acceptsExcess: boolean
  unregisteredReason: string
}

/** What is missing for the broken rules of one pair; `path` stands before the names of the fields. */
export function wrongOf(
  broken: Alternative['broken'],
  given: Given,
  mayExceed: boolean,
  path = '',
): FieldError[] {
  const { t } = i18n.global
  const asks = asksOf(broken)
  const errors: FieldError[] = []
  if (asks.right.length > 0 && !given.acceptsExcess) {
    const message = t(mayExceed ? 'rounds.choice.errors.acceptsExcess' : 'settling.approval.askNeeded')
    errors.push({ field: `${path}acceptsExcess`, message })
  }
  if (asks.unregistered.length > 0 && isShort(given.unregisteredReason)) {
    const message = t('rounds.choice.errors.unregisteredReason')
    errors.push({ field: `${path}unregisteredReason`, message })
  }
  return errors
}

/** What goes along with a choice for the broken rules of its pair, as the contract has it. */
export function answersTo(broken: Alternative['broken'], given: Given) {
  const asks = asksOf(broken)
  return {
    unregisteredReason: asks.unregistered.length > 0 ? given.unregisteredReason.trim() : null,
    setAside: asks.motive.map(rule => rule.rule),
    acceptsExcess: asks.right.length > 0 && given.acceptsExcess,
  }
}

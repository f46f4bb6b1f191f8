import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { NumberForms } from '../../server/contract/numbers.ts'
import { call } from './api.ts'

/** How the organisation's own numbers look, as a sentence beside a field; empty until it is known, or when any form goes. */
export function useNumberForms() {
  const { t } = useI18n()
  const forms = shallowRef<NumberForms | null>(null)
  // A hint: without it the form works, and saving says what is wrong.
  call('GET /organisation/numbers').then(
    answer => {
      forms.value = answer
    },
    () => null,
  )
  const hintOf = (kind: keyof NumberForms) => {
    const form = forms.value?.[kind]
    return form ? t('shell.numberForm', { form: form.replaceAll('|', t('shell.numberOr')) }) : ''
  }
  return computed(() => ({
    caseNumber: hintOf('caseNumber'),
    familyNumber: hintOf('familyNumber'),
    staffNumber: hintOf('staffNumber'),
  }))
}

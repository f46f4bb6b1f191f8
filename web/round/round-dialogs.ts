import { reactive, shallowRef } from 'vue'
import type { Explanation } from '../../server/contract/explanations.ts'
import type { DraftLine } from '../../server/contract/rounds.ts'
import { call } from '../base/api.ts'
import type { About, Supposed } from '../runs/WhatIfDialog.vue'
import type { Choosing } from './choosing.ts'

/** A choice that asks for a reason, and so for a dialog. */
export type ReasonedKind = 'override' | 'exclude' | 'wait'

interface ChoiceAsked {
  /** Another one for every opening, so that no dialog starts with what was typed in the one before. */
  number: number
  kind: ReasonedKind
  staffNumber: string | null
  explanation: Explanation
}

/** Which dialog of the review room is open, and what about. */
export function useRoundDialogs(choosing: Choosing) {
  const open = reactive({
    choice: false,
    swap: false,
    whatIf: false,
    steps: false,
    keys: false,
    commands: false,
    cancel: false,
    cases: false,
  })
  const choice = shallowRef<ChoiceAsked | null>(null)
  const swap = shallowRef<{ number: number; line: DraftLine } | null>(null)
  const about = shallowRef<About>({})

  function choose(kind: ReasonedKind, staffNumber: string | null, explanation: Explanation) {
    choice.value = { number: (choice.value?.number ?? 0) + 1, kind, staffNumber, explanation }
    open.choice = true
  }
  /** The same from a view that does not have the explanation at hand. */
  async function chooseFor(
    kind: ReasonedKind,
    { caseNumber, seat }: Pick<DraftLine, 'caseNumber' | 'seat'>,
    staffNumber: string | null = null,
  ) {
    const explanation = await choosing.ask(({ id }) =>
      call('GET /rounds/:id/cases/:caseNumber/explanation', { params: { id, caseNumber }, query: { seat } }),
    )
    if (explanation) choose(kind, staffNumber, explanation)
  }
  function startSwap(line: DraftLine) {
    swap.value = { number: (swap.value?.number ?? 0) + 1, line }
    open.swap = true
  }
  function suppose(kind?: Supposed, staffNumber?: string, caseNumber?: string) {
    about.value = { kind, staffNumber, caseNumber }
    open.whatIf = true
  }

  return { open, choice, swap, about, choose, chooseFor, startSwap, suppose }
}
export type RoundDialogs = ReturnType<typeof useRoundDialogs>

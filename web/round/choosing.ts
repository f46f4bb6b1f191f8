import { useSessionStorage } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Choice, ChoiceInput } from '../../server/contract/choices.ts'
import type { DraftLine, RoundDetail } from '../../server/contract/rounds.ts'
import { ApiError, call, newKey } from '../base/api.ts'
import type { Loaded } from '../base/load.ts'
import { type Clash, clashOf } from './conflict.ts'
import { choicesBetween, type DraftDifference, differenceOf } from './draft.ts'
import { inputOf, NO_STEPS, replacedBy, type Step, type Steps, withStep, workOf } from './steps.ts'

/** Seconds that a new calculation may take before it hands in the best it has. */
const TIME_LIMIT_SECONDS = 30

/**
 * Everything people do to an open round, one request at a time, and what is told about it: the result of the own
 * action, what a colleague did meanwhile, and what a new calculation changed.
 */
export function useChoosing(round: Loaded<RoundDetail>, roundId: string, userId: number) {
  const { t } = useI18n()
  const busy = ref(false)
  /** For a polite live region. */
  const told = ref('')
  /** Why the last action did not happen. */
  const refusal = ref<string | null>(null)
  const difference = shallowRef<DraftDifference | null>(null)
  /** Sentences about what others did since the page was opened, newest last. */
  const meanwhile = ref<string[]>([])
  let linesBeforeRun: { proposalId: number | null; lines: DraftLine[] } | null = null

  const nameOf = (choice: Pick<Choice, 'worker'>) => choice.worker?.name ?? ''

  /** A colleague decided about the same seat at the same time: nothing is made until somebody says which of the two holds. */
  const clash = shallowRef<Clash | null>(null)

  /** `mine` is what the request makes: when the round changed elsewhere only, it is asked once more of the round as it is now. */
  async function act<Answer>(
    request: (round: RoundDetail) => Promise<Answer>,
    mine: ChoiceInput | null = null,
  ): Promise<Answer | null> {
    const now = round.data.value
    if (!now || busy.value) return null
    busy.value = true
    refusal.value = null
    try {
      return await request(now).catch(async (reason: unknown) => {
        const outdated = reason instanceof ApiError && reason.status === 412
        if (!outdated || !mine) throw reason
        await round.reload()
        const fresh = round.data.value
        clash.value = fresh && clashOf(mine, now.choices, fresh.choices)
        if (clash.value) return null
        if (!fresh || fresh.version === now.version) throw reason
        return request(fresh)
      })
    } catch (reason) {
      if (reason instanceof ApiError && reason.status === 412) {
        refusal.value = t('rounds.review.conflict')
        await round.reload()
      } else refusal.value = reason instanceof ApiError ? reason.message : t('shell.unreachable')
      return null
    } finally {
      busy.value = false
    }
  }

  /** Takes over the state that the server answered with; the live stream brings the same state once more. */
  function take(answer: RoundDetail | null, sentence: string) {
    if (!answer) return
    own = true
    round.take(answer)
    told.value = sentence
  }
  let own = false

  /** What this reader did here, kept over a reload of this tab. */
  const steps = useSessionStorage<Steps>(`instroom-steps-${userId}-${roundId}`, NO_STEPS)
  function record(text: string, before: ChoiceInput[], after: ChoiceInput[]) {
    steps.value = withStep(steps.value, { at: new Date().toISOString(), text, before, after })
  }

  function sentenceOf({ workers }: RoundDetail, input: ChoiceInput) {
    const worker = workers.find(one => one.staffNumber === input.staffNumber)?.name ?? ''
    return t(`rounds.review.done.${input.kind}`, { caseNumber: input.caseNumber, worker })
  }

  /** Takes over a choice that was made here, by a dialog or otherwise. */
  function took(answer: RoundDetail, input: ChoiceInput) {
    const sentence = sentenceOf(answer, input)
    record(sentence, replacedBy(input, round.data.value?.choices ?? []), [input])
    take(answer, sentence)
  }

  const make = ({ id, version }: Pick<RoundDetail, 'id' | 'version'>, body: ChoiceInput) =>
    call('POST /rounds/:id/choices', { params: { id }, body, version, key: newKey() })
  const makeTogether = (
    { id, version }: Pick<RoundDetail, 'id' | 'version'>,
    choices: readonly ChoiceInput[],
    key: string = newKey(),
  ) =>
    call('POST /rounds/:id/choices/together', {
      params: { id },
      body: { choices: [...choices] },
      version,
      key,
    })
  const withdraw = ({ id, version }: Pick<RoundDetail, 'id' | 'version'>, choice: Choice) =>
    call('DELETE /rounds/:id/choices/:choiceId', { params: { id, choiceId: choice.id }, version })

  /** Takes over two choices with which two people swapped cases, as one step. */
  function tookSwap(answer: RoundDetail, inputs: readonly ChoiceInput[], sentence: string) {
    const before = inputs.flatMap(input => replacedBy(input, round.data.value?.choices ?? []))
    record(sentence, before, [...inputs])
    take(answer, sentence)
  }

  /** Takes a case to the meeting, or no longer: for everybody in the round. */
  async function discuss(caseNumber: string, on: boolean) {
    const discussed = await act(({ id }) =>
      call('PUT /rounds/:id/cases/:caseNumber/discussion', { params: { id, caseNumber }, body: { on } }),
    )
    const now = round.data.value
    if (!discussed || !now) return
    take({ ...now, discuss: discussed }, t(`review.marks.said.${on ? 'on' : 'off'}`, { caseNumber }))
  }

  /** Goes back or forward to where this many steps hold; stops where the server refuses. */
  async function goTo(done: number) {
    const target = Math.min(steps.value.all.length, Math.max(0, done))
    while (steps.value.done !== target) {
      const back = steps.value.done > target
      const step = steps.value.all[back ? steps.value.done - 1 : steps.value.done]
      if (!step || !(await walk(step, back ? 'back' : 'forward'))) return
      steps.value = { ...steps.value, done: steps.value.done + (back ? -1 : 1) }
    }
  }

  async function walk(step: Step, direction: 'back' | 'forward'): Promise<boolean> {
    const answer = await act(async now => {
      const work = workOf(step, direction, now.choices)
      for (const choice of work.withdraw) now = await withdraw(now, choice)
      // Two people who swapped go back, or swap again, as one.
      if (work.make.length > 1) return await makeTogether(now, work.make)
      for (const input of work.make) now = await make(now, input)
      return now
    })
    if (!answer) return false
    take(answer, t(`review.steps.${direction}`, { step: step.text }))
    return true
  }

  async function lock(line: DraftLine) {
    if (!line.worker) return
    const body: ChoiceInput = {
      caseNumber: line.caseNumber,
      seat: line.seat,
      kind: 'lock',
      staffNumber: line.worker.staffNumber,
      reasonCode: null,
      reasonText: null,
      unregisteredReason: null,
      setAside: [],
      acceptsExcess: false,
    }
    await makeMine(body)
  }

  async function makeMine(body: ChoiceInput) {
    const answer = await act(now => make(now, body), body)
    if (answer) took(answer, body)
  }

  /** What colleagues decided has been seen: mine takes its place. */
  async function pushMine() {
    const mine = clash.value?.mine
    clash.value = null
    if (mine) await makeMine(mine)
  }

  async function undo(choice: Choice) {
    const answer = await act(now => withdraw(now, choice))
    if (!answer) return
    const sentence = t('rounds.review.done.undo', { caseNumber: choice.caseNumber, worker: nameOf(choice) })
    record(sentence, [inputOf(choice)], [])
    take(answer, sentence)
  }

  /** Calculates around the choices; `seconds` is how long that may take, 300 at most. */
  async function run(seconds: number = TIME_LIMIT_SECONDS) {
    const now = round.data.value
    if (!now) return
    difference.value = null
    linesBeforeRun = { proposalId: now.solution?.proposalId ?? null, lines: now.lines }
    const answer = await act(({ id, version }) =>
      call('POST /rounds/:id/runs', {
        params: { id },
        body: { timeLimitSeconds: seconds },
        version,
        key: newKey(),
      }),
    )
    if (!answer) return
    told.value = t('rounds.review.done.run')
    await round.reload()
  }

  /** Asks something of the round without changing it; what went wrong is told as for an action. */
  async function ask<Answer>(request: (round: RoundDetail) => Promise<Answer>): Promise<Answer | null> {
    return act(request)
  }

  async function cancel(key: string) {
    return await act(({ id, version }) =>
      call('POST /rounds/:id/cancellation', { params: { id }, version, key }),
    )
  }

  watch(round.data, (now, before) => {
    if (!now || !before) return
    const mine = own
    own = false
    const newProposal =
      now.solution && before.solution?.proposalId !== now.solution.proposalId ? now.solution : null
    if (newProposal) {
      const old =
        linesBeforeRun && linesBeforeRun.proposalId !== newProposal.proposalId
          ? linesBeforeRun.lines
          : before.lines
      if (before.solution) difference.value = differenceOf(old, now.lines)
      linesBeforeRun = null
      told.value = t('rounds.review.live.proposal')
    }
    if (mine) return
    const sentences = othersDid(before, now)
    if (sentences.length === 0) return
    meanwhile.value = [...meanwhile.value, ...sentences]
    told.value =
      sentences.length > 3
        ? `${sentences.slice(0, 3).join(' ')} ${t('rounds.review.live.more', sentences.length - 3)}`
        : sentences.join(' ')
  })

  function othersDid(before: RoundDetail, now: RoundDetail): string[] {
    if (before.status !== now.status && now.status !== 'open') return [t(`rounds.review.live.${now.status}`)]
    const { added, undone } = choicesBetween(before.choices, now.choices)
    const replaced = new Set(added.map(choice => `${choice.caseNumber} ${choice.seat}`))
    return [
      ...added.map(choice =>
        t('rounds.review.live.added', {
          by: choice.by ?? t('rounds.unknownPerson'),
          caseNumber: choice.caseNumber,
        }),
      ),
      ...undone
        .filter(choice => !replaced.has(`${choice.caseNumber} ${choice.seat}`))
        .map(choice => t('rounds.review.live.undone', { caseNumber: choice.caseNumber })),
    ]
  }

  const changed = computed(
    () => new Set(difference.value?.changed.map(one => one.caseNumber) ?? []) as ReadonlySet<string>,
  )

  return {
    busy,
    told,
    refusal,
    difference,
    changed,
    meanwhile,
    steps,
    goTo,
    makeTogether,
    tookSwap,
    discuss,
    clash,
    pushMine,
    lock,
    undo,
    run,
    ask,
    cancel,
    took,
    take,
  }
}
export type Choosing = ReturnType<typeof useChoosing>

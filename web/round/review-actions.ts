import { computed, nextTick, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { DraftLine, RoundDetail } from '../../server/contract/rounds.ts'
import type { PageAction } from '../base/keys.ts'
import { type PageName, toPage } from '../base/pages.ts'
import type { Choosing } from './choosing.ts'
import { standingChoice } from './draft.ts'
import type { Review } from './review.ts'

interface Means {
  id: string
  round: Ref<RoundDetail | null>
  review: Review
  choosing: Choosing
  mayChoose: Ref<boolean>
  mayCompose: Ref<boolean>
  maySettle: Ref<boolean>
  running: Ref<boolean>
  show: (caseNumber: string, opens: boolean) => Promise<void>
  choose: (
    kind: 'override' | 'exclude' | 'wait',
    line: DraftLine,
    staffNumber?: string | null,
  ) => Promise<void>
  swap: (line: DraftLine) => void
  open: (which: 'keys' | 'commands' | 'steps' | 'whatIf') => void
}

/** Everything that can be done in the review room, for the keys, their overview and the command menu. */
export function useReviewActions(means: Means): Ref<PageAction[]> {
  const { id, review, choosing } = means
  const router = useRouter()

  /** Moves the selection and takes the focus along to its row, when the list is there. */
  async function go(step: number) {
    const to = review.beside(step)
    if (to === null) return
    await means.show(to, false)
    await nextTick()
    document.querySelector<HTMLElement>(`[data-case="${CSS.escape(to)}"]`)?.focus()
  }
  async function tab(name: string) {
    const { selected } = review
    if (!review.panelOpen.value) await means.show(selected.value, true)
    await review.change({ tab: name })
    await nextTick()
    document.querySelector<HTMLElement>('[role="tab"][data-state="active"]')?.focus()
  }
  /** From list to case to effect and round again. */
  function pane(step: number) {
    const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')]
    const at = panes.findIndex(one => one.contains(document.activeElement))
    panes.at((at + step + panes.length) % panes.length)?.focus()
  }
  const view = (name: string) => () => review.change({ weergave: name, paneel: '' })
  const to =
    (name: PageName, params = {}) =>
    () =>
      router.push(toPage(name, { params }))

  return computed<PageAction[]>(() => {
    const one = review.draft.value
    const line = review.line.value
    const may = means.mayChoose.value && !choosing.busy.value
    const choice = line && means.round.value ? standingChoice(means.round.value, line) : undefined
    const steps = choosing.steps.value
    const chooses = may && line !== null
    const held = chooses && line.worker !== null && !line.waits
    return [
      { id: 'next', keys: 'j', enabled: true, run: () => go(1) },
      { id: 'previous', keys: 'k', enabled: true, run: () => go(-1) },
      {
        id: 'agree',
        keys: 'a',
        enabled: may && one !== null && one.lines.length > 0,
        run: () =>
          one && review.agree(one, review.marks.states.value.get(one.case.caseNumber) !== 'reviewed'),
      },
      {
        id: 'lock',
        keys: 'l',
        enabled: held && (choice === undefined || choice.kind === 'lock'),
        run: () => line && (choice ? choosing.undo(choice) : choosing.lock(line)),
      },
      {
        id: 'other',
        keys: 'o',
        enabled: chooses && !line.waits,
        run: () => line && means.choose('override', line),
      },
      {
        id: 'exclude',
        keys: 'x',
        enabled: held && !choice,
        run: () => line && means.choose('exclude', line, line.worker?.staffNumber),
      },
      {
        id: 'swap',
        keys: 's',
        enabled: held && choice?.kind !== 'lock',
        run: () => line && means.swap(line),
      },
      { id: 'wait', keys: 'u', enabled: chooses && !choice, run: () => line && means.choose('wait', line) },
      {
        id: 'discuss',
        keys: 'd',
        enabled: may && one !== null,
        run: () =>
          one && choosing.discuss(one.case.caseNumber, !review.discussed.value.has(one.case.caseNumber)),
      },
      { id: 'why', keys: 'w', enabled: one !== null, run: () => tab('why') },
      { id: 'alternatives', keys: 'v', enabled: one !== null, run: () => tab('alternatives') },
      { id: 'whatIfCase', keys: 't', enabled: one !== null, run: () => tab('whatIf') },
      { id: 'history', keys: 'h', enabled: one !== null, run: () => tab('history') },
      {
        id: 'undo',
        keys: 'Ctrl+z',
        enabled: may && steps.done > 0,
        run: () => choosing.goTo(steps.done - 1),
      },
      {
        id: 'redo',
        keys: 'Ctrl+Shift+z',
        enabled: may && steps.done < steps.all.length,
        run: () => choosing.goTo(steps.done + 1),
      },
      { id: 'steps', enabled: means.mayChoose.value, run: () => means.open('steps') },
      {
        id: 'run',
        keys: 'r',
        enabled: means.mayCompose.value && !choosing.busy.value && !means.running.value,
        run: () => choosing.run(),
      },
      { id: 'viewList', keys: '1', enabled: true, run: view('lijst') },
      { id: 'viewBoard', keys: '2', enabled: true, run: view('bord') },
      { id: 'viewGrid', keys: '3', enabled: true, run: view('raster') },
      { id: 'paneNext', keys: ']', enabled: true, run: () => pane(1) },
      { id: 'panePrevious', keys: '[', enabled: true, run: () => pane(-1) },
      { id: 'search', keys: '/', enabled: true, run: () => document.getElementById('lines-search')?.focus() },
      { id: 'whatIf', enabled: means.mayChoose.value, run: () => means.open('whatIf') },
      { id: 'runs', enabled: true, run: to('roundRuns', { id }) },
      { id: 'tradeOff', enabled: true, run: to('tradeOff', { id }) },
      { id: 'unplaced', enabled: true, run: to('unplaced', { id }) },
      { id: 'settle', keys: 'Ctrl+Enter', enabled: means.maySettle.value, run: to('settle', { id }) },
      { id: 'commands', keys: 'Ctrl+k', enabled: true, run: () => means.open('commands') },
      { id: 'keys', keys: '?', enabled: true, run: () => means.open('keys') },
      { id: 'goIntake', keys: 'g i', enabled: true, run: to('intake') },
      { id: 'goRounds', keys: 'g v', enabled: true, run: to('rounds') },
      { id: 'goWorkload', keys: 'g w', enabled: true, run: to('workload') },
    ]
  })
}

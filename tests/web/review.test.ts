import { describe, expect, test } from 'vitest'
import type { CaseRow } from '../../server/contract/cases.ts'
import type { Choice, ChoiceInput } from '../../server/contract/choices.ts'
import type { Agreement, DraftLine, DraftLoad, RoundDetail } from '../../server/contract/rounds.ts'
import { columnBeside, columnsOf, moveOf } from '../../web/round/board.ts'
import type { DraftCase } from '../../web/round/draft.ts'
import { cellBeside, gridOf } from '../../web/round/grid.ts'
import { reviewState, withAgreement } from '../../web/round/marks.ts'
import { inputOf, NO_STEPS, replacedBy, type Step, withStep, workOf } from '../../web/round/steps.ts'

const bos = { staffNumber: 'jb-1', name: 'K. Bos' }
const vries = { staffNumber: 'jb-2', name: 'M. de Vries' }
const aalst = { staffNumber: 'jb-3', name: 'T. van Aalst' }

const line = (given: Partial<DraftLine>): DraftLine => ({
  caseNumber: 'ZK-1',
  seat: 'primary',
  proposed: bos,
  worker: bos,
  locked: false,
  deviates: false,
  waits: false,
  hours: 5,
  points: 10,
  loadCost: 1,
  before: null,
  after: null,
  messages: [],
  ...given,
})
const draft = (...lines: DraftLine[]): DraftCase => ({
  case: { caseNumber: lines[0]?.caseNumber ?? 'ZK-1', urgency: 'normal' } as CaseRow,
  lines,
  keeps: null,
})
const load = (worker: typeof bos): DraftLoad => ({
  worker,
  normHours: 30,
  before: { hours: 0, workload: 0, status: 'room' },
  after: { hours: 0, workload: 0, status: 'room' },
  newCases: 0,
  heavyBefore: 0,
  heavyAfter: 0,
})
const input = (given: Partial<ChoiceInput>): ChoiceInput => ({
  caseNumber: 'ZK-1',
  seat: 'primary',
  kind: 'override',
  staffNumber: 'jb-2',
  reasonCode: 'ANDERS',
  reasonText: 'Kent de school',
  unregisteredReason: null,
  setAside: [],
  acceptsExcess: false,
  lasts: null,
  untilOn: null,
  reviewOn: null,
  tasks: [],
  ...given,
})
let nextId = 0
function standing(given: ChoiceInput): Choice {
  const { staffNumber, ...rest } = given
  const worker = [bos, vries, aalst].find(one => one.staffNumber === staffNumber) ?? null
  const lasting = {
    lasts: rest.lasts ?? (rest.kind === 'exclude' ? ('round' as const) : null),
    untilOn: rest.untilOn ?? null,
    reviewOn: rest.reviewOn ?? null,
    tasks: rest.tasks ?? [],
  }
  return {
    id: ++nextId,
    ...rest,
    ...lasting,
    approval: null,
    worker,
    by: 'M. Kolkman',
    at: '2026-11-24T10:00:00.000Z',
  }
}

describe('marks of agreement', () => {
  const stateOf = (marks: Agreement[], one: DraftCase) =>
    reviewState(marks.find(mark => mark.caseNumber === one.case.caseNumber)?.seats, one)

  test('hold for the outcome that was agreed with, and lapse with another', () => {
    const before = draft(line({}))
    const marks = withAgreement([], before, true)
    expect(stateOf([], before)).toBe('open')
    expect(stateOf(marks, before)).toBe('reviewed')
    expect(stateOf(marks, draft(line({ worker: vries })))).toBe('lapsed')
    expect(stateOf(marks, draft(line({ worker: null, waits: true })))).toBe('lapsed')
    expect(stateOf(withAgreement(marks, before, false), before)).toBe('open')
  })

  test('of a duo are about both seats, in whatever order they come', () => {
    const first = line({})
    const second = line({ seat: 'second', worker: vries })
    const marks = withAgreement([], draft(first, second), true)
    expect(stateOf(marks, draft(second, first))).toBe('reviewed')
    expect(stateOf(marks, draft(first, line({ seat: 'second', worker: aalst })))).toBe('lapsed')
  })
})

describe('the board', () => {
  const loads = [load(vries), load(aalst), load(bos)]

  test('has everybody by surname, behind what nobody gets; waiting cases are nobody’s', () => {
    const columns = columnsOf(
      [
        draft(line({}), line({ seat: 'second', worker: vries })),
        draft(line({ caseNumber: 'ZK-2', worker: null })),
        draft(line({ caseNumber: 'ZK-3', waits: true })),
      ],
      loads,
    )
    expect(columns.map(column => column.key)).toEqual(['', 'jb-3', 'jb-1', 'jb-2'])
    expect(columns.map(column => column.cards.map(card => card.key))).toEqual([
      ['ZK-2 primary', 'ZK-3 primary'],
      [],
      ['ZK-1 primary'],
      ['ZK-1 second'],
    ])
    expect(columnBeside(columns, 'jb-3', 1)).toBe('jb-1')
    expect(columnBeside(columns, '', -1)).toBe('')
    expect(columnBeside(columns, 'jb-2', 1)).toBe('jb-2')
  })

  test('says what a move comes to', () => {
    const round = { choices: [] as Choice[] } as RoundDetail
    expect(moveOf(round, line({}), 'jb-1')).toEqual({ kind: 'none' })
    expect(moveOf(round, line({}), 'jb-2')).toEqual({ kind: 'override', staffNumber: 'jb-2' })
    expect(moveOf(round, line({}), '')).toEqual({ kind: 'wait' })
    expect(moveOf(round, line({ waits: true, worker: null }), '')).toEqual({ kind: 'none' })
    const choice = standing(input({}))
    const chosen = { choices: [choice] } as RoundDetail
    const moved = line({ worker: vries, locked: true, deviates: true })
    expect(moveOf(chosen, moved, 'jb-1')).toEqual({ kind: 'undo', choice })
    expect(moveOf(chosen, moved, 'jb-3')).toEqual({ kind: 'override', staffNumber: 'jb-3' })
  })
})

describe('the grid', () => {
  test('has people by surname, a row per seat, and the best of who may', () => {
    const grid = gridOf(
      {
        workers: [vries, bos, aalst],
        rows: [
          {
            caseNumber: 'ZK-1',
            seat: 'primary',
            points: [40, 10, 30],
            standings: ['mayNot', 'may', 'withReason'],
          },
        ],
      },
      [draft(line({})), draft(line({ caseNumber: 'ZK-9' }))],
    )
    expect(grid.workers.map(worker => worker.staffNumber)).toEqual(['jb-3', 'jb-1', 'jb-2'])
    expect(grid.rows).toHaveLength(1)
    expect(grid.rows[0]?.cells.map(({ points, best, current }) => ({ points, best, current }))).toEqual([
      { points: 30, best: false, current: false },
      { points: 10, best: true, current: true },
      { points: 40, best: false, current: false },
    ])
  })

  test('is walked with the arrows, held at the edges', () => {
    const size = { rows: 3, columns: 4 }
    expect(cellBeside({ row: 0, column: 0 }, 'ArrowUp', size)).toEqual({ row: 0, column: 0 })
    expect(cellBeside({ row: 0, column: 3 }, 'ArrowRight', size)).toEqual({ row: 0, column: 3 })
    expect(cellBeside({ row: 1, column: 1 }, 'End', size)).toEqual({ row: 1, column: 3 })
    expect(cellBeside({ row: 1, column: 1 }, 'PageDown', size)).toEqual({ row: 2, column: 1 })
    expect(cellBeside({ row: 1, column: 1 }, 'x', size)).toBeNull()
  })
})

describe('steps back and forward', () => {
  const step = (before: ChoiceInput[], after: ChoiceInput[]): Step => ({
    id: 1,
    at: '2026-11-24T10:00:00.000Z',
    text: '',
    before,
    after,
  })

  test('a new step forgets what was undone', () => {
    const made = { at: '', text: 'a', before: [], after: [] }
    const three = withStep(withStep(withStep(NO_STEPS, made), made), made)
    expect(three.done).toBe(3)
    const again = withStep({ ...three, done: 1 }, { ...made, text: 'b' })
    expect(again.all.map(one => one.text)).toEqual(['a', 'b'])
    expect(again.done).toBe(2)
  })

  test('a choice can be made again as it was', () => {
    expect(inputOf(standing(input({})))).toEqual(input({}))
  })

  test('back over a first choice withdraws it; forward makes it again', () => {
    const made = input({})
    const there = standing(made)
    expect(workOf(step([], [made]), 'back', [there])).toEqual({ withdraw: [there], make: [] })
    expect(workOf(step([], [made]), 'forward', [])).toEqual({ withdraw: [], make: [made] })
  })

  test('back over a choice that took the place of another makes the other again, which replaces it', () => {
    const lock = input({ kind: 'lock', staffNumber: 'jb-1', reasonCode: null, reasonText: null })
    const other = input({})
    expect(replacedBy(other, [standing(lock)])).toEqual([lock])
    expect(workOf(step([lock], [other]), 'back', [standing(other)])).toEqual({ withdraw: [], make: [lock] })
  })

  test('an exclusion takes the place of nothing', () => {
    const lock = input({ kind: 'lock', staffNumber: 'jb-1' })
    const exclude = input({ kind: 'exclude', staffNumber: 'jb-3' })
    expect(replacedBy(exclude, [standing(lock)])).toEqual([])
    const there = standing(exclude)
    expect(workOf(step([], [exclude]), 'back', [standing(lock), there])).toEqual({
      withdraw: [there],
      make: [],
    })
  })

  test('an exclusion that lasts longer takes the place of the shorter one, and back again', () => {
    const short = input({ kind: 'exclude', staffNumber: 'jb-3', lasts: 'round' })
    const long = input({ kind: 'exclude', staffNumber: 'jb-3', lasts: 'until', untilOn: '2027-02-01' })
    const others = standing(input({ kind: 'exclude', staffNumber: 'jb-1' }))
    expect(replacedBy(long, [standing(short), others])).toEqual([short])
    const there = standing(long)
    expect(workOf(step([short], [long]), 'back', [there, others])).toEqual({ withdraw: [], make: [short] })
    expect(workOf(step([short], [long]), 'forward', [there, others])).toEqual({ withdraw: [], make: [] })
  })

  test('a wait with another day or other tasks is another one', () => {
    const wait = { kind: 'wait', staffNumber: null } as const
    const first = input({ ...wait, reviewOn: '2026-12-08', tasks: ['findRoom'] })
    const later = input({ ...wait, reviewOn: '2026-12-15', tasks: ['findRoom', 'requestData'] })
    expect(workOf(step([first], [later]), 'back', [standing(later)])).toEqual({ withdraw: [], make: [first] })
    const sameInOtherOrder = standing({ ...later, tasks: ['requestData', 'findRoom'] })
    expect(workOf(step([], [later]), 'forward', [sameInOtherOrder]).make).toEqual([])
  })

  test('what a colleague already took back is left alone, and what is there is not made twice', () => {
    const made = input({})
    expect(workOf(step([], [made]), 'back', [])).toEqual({ withdraw: [], make: [] })
    expect(workOf(step([], [made]), 'forward', [standing(made)])).toEqual({ withdraw: [], make: [] })
  })

  test('a swap goes back as a whole', () => {
    const a = input({ caseNumber: 'ZK-1', staffNumber: 'jb-2' })
    const b = input({ caseNumber: 'ZK-2', staffNumber: 'jb-1' })
    const [thereA, thereB] = [standing(a), standing(b)]
    expect(workOf(step([], [a, b]), 'back', [thereA, thereB])).toEqual({
      withdraw: [thereA, thereB],
      make: [],
    })
  })
})

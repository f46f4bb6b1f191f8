import { describe, expect, test } from 'vitest'
import type { CaseRow } from '../../server/contract/cases.ts'
import type { Choice } from '../../server/contract/choices.ts'
import type { DraftLine } from '../../server/contract/rounds.ts'
import {
  casesOfDraft,
  choicesBetween,
  differenceOf,
  filterDraft,
  isUnplaced,
  lastChoice,
} from '../../web/round/draft.ts'

function aCase(row: Partial<CaseRow>): CaseRow {
  return {
    caseNumber: 'ZK-1',
    familyNumber: null,
    teamId: 1,
    team: 'Oost',
    measures: ['OTS'],
    phase: 'begin',
    children: 1,
    factors: [],
    urgency: 'normal',
    receivedOn: '2026-11-16',
    waitingDays: 6,
    municipality: null,
    review: null,
    competences: [],
    hours: 5,
    openHours: 5,
    heavy: false,
    duo: false,
    provisional: false,
    missing: [],
    formerWorkers: [],
    status: 'in_round',
    secondOpen: false,
    primaryFrom: null,
    primary: null,
    second: null,
    roundId: 1,
    firstContact: null,
    version: 1,
    ...row,
  }
}

const bos = { staffNumber: 'jb-1', name: 'K. Bos' }
const vries = { staffNumber: 'jb-2', name: 'M. de Vries' }
function aLine(line: Partial<DraftLine>): DraftLine {
  return {
    caseNumber: 'ZK-1',
    seat: 'primary',
    proposed: bos,
    worker: bos,
    locked: false,
    deviates: false,
    waits: false,
    hours: 5,
    points: 10,
    loadCost: 0,
    before: null,
    after: null,
    messages: [],
    ...line,
  }
}
const aChoice = (id: number, caseNumber: string): Choice => ({
  id,
  caseNumber,
  seat: 'primary',
  kind: 'lock',
  worker: bos,
  reasonCode: null,
  reasonText: null,
  unregisteredReason: null,
  setAside: [],
  acceptsExcess: false,
  approval: null,
  lasts: null,
  untilOn: null,
  reviewOn: null,
  tasks: [],
  by: 'M. Kolkman',
  at: '2026-11-22T12:00:00Z',
})

describe('the cases of a draft', () => {
  const cases = [
    aCase({ caseNumber: 'ZK-1', waitingDays: 9 }),
    aCase({ caseNumber: 'ZK-2', urgency: 'emergency', waitingDays: 0 }),
    aCase({ caseNumber: 'ZK-3', waitingDays: 12 }),
  ]
  const lines = [
    aLine({ caseNumber: 'ZK-1', locked: true }),
    aLine({ caseNumber: 'ZK-2', seat: 'second', worker: null }),
    aLine({ caseNumber: 'ZK-2' }),
    aLine({ caseNumber: 'ZK-3', worker: null, waits: true }),
  ]
  const draft = casesOfDraft({ cases, lines })
  const numbers = (filter: Parameters<typeof filterDraft>[1], text = '') =>
    filterDraft(draft, filter, text, {
      changed: new Set(['ZK-3']),
      reviewed: new Set(['ZK-1']),
      discuss: new Set(['ZK-2']),
    }).map(one => one.case.caseNumber)

  test('come by urgency, then by days waited, with the first seat first', () => {
    expect(draft.map(one => one.case.caseNumber)).toEqual(['ZK-2', 'ZK-3', 'ZK-1'])
    expect(draft[0]?.lines.map(line => line.seat)).toEqual(['primary', 'second'])
  })

  test('of a duo with one open seat say who keeps the other', () => {
    const duo = (row: Partial<CaseRow>, ...seats: DraftLine['seat'][]) =>
      casesOfDraft({ cases: [aCase({ duo: true, ...row })], lines: seats.map(seat => aLine({ seat })) })[0]
        ?.keeps
    expect(duo({ primary: vries, secondOpen: true }, 'second')).toEqual({
      seat: 'primary',
      name: 'M. de Vries',
    })
    expect(duo({ second: bos }, 'primary')).toEqual({ seat: 'second', name: 'K. Bos' })
    expect(duo({}, 'primary', 'second')).toBeNull()
    expect(duo({ duo: false, second: bos }, 'primary')).toBeNull()
  })

  test('are unplaced when a seat is empty, or when there is no calculation yet; waiting is a choice', () => {
    expect(draft.map(isUnplaced)).toEqual([true, false, false])
    expect(isUnplaced({ case: aCase({}), lines: [], keeps: null })).toBe(true)
  })

  test('are filtered by state and by text', () => {
    expect(numbers('unplaced')).toEqual(['ZK-2'])
    expect(numbers('urgent')).toEqual(['ZK-2'])
    expect(numbers('chosen')).toEqual(['ZK-3', 'ZK-1'])
    expect(numbers('open')).toEqual(['ZK-2', 'ZK-3'])
    expect(numbers('discuss')).toEqual(['ZK-2'])
    expect(numbers('changed')).toEqual(['ZK-3'])
    expect(numbers('all', ' k. BOS')).toEqual(['ZK-2', 'ZK-1'])
    expect(numbers('all', 'nobody')).toEqual([])
  })
})

describe('what a new calculation changed', () => {
  test('names who had a seat and who has it, and counts what stayed fixed', () => {
    const before = [aLine({}), aLine({ caseNumber: 'ZK-2', locked: true }), aLine({ caseNumber: 'ZK-3' })]
    const after = [
      aLine({ worker: vries }),
      aLine({ caseNumber: 'ZK-2', locked: true }),
      aLine({ caseNumber: 'ZK-3', worker: null }),
    ]
    expect(differenceOf(before, after)).toEqual({
      changed: [
        { caseNumber: 'ZK-1', seat: 'primary', from: 'K. Bos', to: 'M. de Vries' },
        { caseNumber: 'ZK-3', seat: 'primary', from: 'K. Bos', to: null },
      ],
      kept: 1,
    })
  })

  test('is nothing when everything stayed', () => {
    expect(differenceOf([aLine({})], [aLine({})])).toEqual({ changed: [], kept: 0 })
  })
})

describe('choices', () => {
  test('of colleagues are those that came and those that went', () => {
    const between = choicesBetween(
      [aChoice(1, 'ZK-1'), aChoice(2, 'ZK-2')],
      [aChoice(2, 'ZK-2'), aChoice(3, 'ZK-3')],
    )
    expect(between.added.map(choice => choice.id)).toEqual([3])
    expect(between.undone.map(choice => choice.id)).toEqual([1])
  })

  test('are undone newest first', () => {
    expect(lastChoice([aChoice(4, 'ZK-1'), aChoice(9, 'ZK-2'), aChoice(5, 'ZK-3')])?.id).toBe(9)
    expect(lastChoice([])).toBeNull()
  })
})

import { describe, expect, test } from 'vitest'
import { usualNeeds } from '../../server/contract/usual-needs.ts'
import { numberOf } from '../../web/base/typed.ts'
import {
  type CaseDraft,
  caseInputOf,
  differences,
  emptyCase,
  faultsOf,
  usualIn,
  withUsual,
} from '../../web/case/case-draft.ts'

const TODAY = '2026-11-22'
const THREATS = new Set(['DREIGING'])
const aDraft = (draft: Partial<CaseDraft> = {}): CaseDraft => ({
  ...emptyCase(1, TODAY),
  caseNumber: 'ZK-2026-1',
  ...draft,
})
const faults = (draft: Partial<CaseDraft>) =>
  faultsOf(aDraft(draft), TODAY, THREATS, fault => fault).map(({ field, message }) => `${field}: ${message}`)

describe('a case as entered', () => {
  test('may leave open what nobody knows yet', () => {
    expect(faults({})).toEqual([])
    expect(caseInputOf(aDraft(), THREATS)).toMatchObject({
      measures: [],
      children: null,
      phase: null,
      municipality: null,
      familyNumber: null,
    })
  })

  test.each<[Partial<CaseDraft>, string]>([
    [{ caseNumber: '' }, 'caseNumber: caseNumber'],
    [{ caseNumber: 'ZK 1' }, 'caseNumber: caseNumber'],
    [{ familyNumber: 'Jansen, J.' }, 'familyNumber: familyNumber'],
    [{ teamId: '' }, 'teamId: teamId'],
    [{ receivedOn: '' }, 'receivedOn: receivedOn'],
    [{ receivedOn: '2027-01-01' }, 'receivedOn: receivedLater'],
    [{ children: '31' }, 'children: children'],
    [{ children: '1,5' }, 'children: children'],
    [{ measures: [{ measure: 'OTS', startOn: '', endOn: '' }] }, 'measures.0.startOn: measureFrom'],
    [
      { measures: [{ measure: 'OTS', startOn: TODAY, endOn: '2026-11-01' }] },
      'measures.0.endOn: measureOrder',
    ],
    [
      { competences: [{ competence: '', level: 1, need: 'wanted', seat: 'both' }] },
      'competences.0.competence: competence',
    ],
  ])('%j is refused at %s', (draft, expected) => {
    expect(faults(draft)).toContain(expected)
  })

  test('the same measure twice is refused at the second', () => {
    const one = { measure: 'OTS', startOn: TODAY, endOn: '' }
    expect(faults({ measures: [one, { ...one }] })).toEqual(['measures.1.measure: measureTwice'])
  })
})

describe('what a pair is asked', () => {
  const need = (competence: string, seat: CaseDraft['competences'][number]['seat']) => ({
    competence,
    level: 1,
    need: 'required' as const,
    seat,
  })
  const perSeat = [need('OTS', 'both'), need('LVB', 'primary'), need('LVB', 'second')]

  test('goes per seat while it is a pair, also by a threat, and of the one worker otherwise', () => {
    const sent = (draft: Partial<CaseDraft>) =>
      caseInputOf(aDraft({ competences: perSeat.slice(0, 2), ...draft }), THREATS).competences
    expect(sent({ duoNeeded: true }).map(one => one.seat)).toEqual([undefined, 'primary'])
    expect(sent({ factors: ['DREIGING'] }).map(one => one.seat)).toEqual([undefined, 'primary'])
    expect(sent({ factors: ['UHP'] }).map(one => one.seat)).toEqual([undefined, undefined])
  })

  test('once of both, or once of each; without a pair once', () => {
    expect(faults({ duoNeeded: true, competences: perSeat })).toEqual([])
    const clash = [...perSeat, need('OTS', 'second'), need('LVB', 'primary')]
    expect(faults({ duoNeeded: true, competences: clash })).toEqual([
      'competences.3.competence: competenceTwiceForSeat',
      'competences.4.competence: competenceTwiceForSeat',
    ])
    expect(faults({ competences: perSeat })).toEqual(['competences.2.competence: competenceTwiceAlone'])
    const twice = [need('OTS', 'both'), need('OTS', 'both')]
    for (const duoNeeded of [true, false])
      expect(faults({ duoNeeded, competences: twice })).toEqual(['competences.1.competence: competenceTwice'])
  })
})

describe('what the rules usually ask', () => {
  const crisis = { competence: 'CRISIS', level: 2, need: 'required' as const }
  const divorce = { competence: 'SCHEIDING', level: 1, need: 'wanted' as const }
  const line = (one: typeof crisis | typeof divorce) => ({ ...one, seat: 'both' as const })

  test('is filled in with the measure, and goes with it', () => {
    const filled = withUsual([], [], [crisis])
    expect(filled).toEqual([line(crisis)])
    expect(usualIn(filled, [crisis])).toEqual(['CRISIS'])
    const both = withUsual(filled, [crisis], [crisis, divorce])
    expect(both).toEqual([line(crisis), line(divorce)])
    expect(withUsual(both, [crisis, divorce], [divorce])).toEqual([line(divorce)])
  })
  test('never overrules what somebody typed, changed or removed', () => {
    const own = { ...line(crisis), level: 3 }
    expect(withUsual([own], [], [crisis])).toEqual([own])
    expect(withUsual([own], [crisis], [])).toEqual([own])
    expect(withUsual([], [crisis], [crisis, divorce])).toEqual([line(divorce)])
    expect(usualIn([own], [crisis])).toEqual([])
  })
  test('comes of each measure and factor, once per competence, as it is asked most', () => {
    const ask = (kind: 'measure' | 'factor', code: string, level: number, need: 'required' | 'wanted') => ({
      kind,
      code,
      competences: [{ code: 'OTS', level, need }],
    })
    const rules = {
      usualNeeds: [
        ask('measure', 'A', 3, 'wanted'),
        ask('measure', 'B', 1, 'required'),
        ask('factor', 'A', 2, 'required'),
      ],
    }
    const of = (measures: string[], factors: string[]) => usualNeeds(rules, { measures, factors })
    expect(of(['A'], [])).toEqual([{ competence: 'OTS', level: 3, need: 'wanted' }])
    expect(of(['A', 'B'], [])).toEqual([{ competence: 'OTS', level: 1, need: 'required' }])
    expect(of(['A', 'B'], ['A'])).toEqual([{ competence: 'OTS', level: 2, need: 'required' }])
    expect(usualNeeds({}, { measures: ['A'], factors: [] })).toEqual([])
  })
})

test('differences name the fields that somebody else changed; the order of factors means nothing', () => {
  const mine = aDraft({ factors: ['B', 'A'], children: '2' })
  expect(differences(mine, aDraft({ factors: ['A', 'B'], children: '3' }))).toEqual(['children'])
})

test.each([
  ['6,5', 6.5],
  [' 6.5 ', 6.5],
  ['7', 7],
  ['-1', -1],
  ['', null],
  ['6,5,1', null],
  ['zes', null],
  ['1e3', null],
])('"%s" is read as %s', (text, expected) => {
  expect(numberOf(text)).toBe(expected)
})

import { describe, expect, test } from 'vitest'
import type {
  Lock,
  Policy,
  Problem,
  ProblemCase,
  ProblemWorker,
  RuleCode,
  Seat,
} from '../../solver/problem/problem.ts'
import { broken, ruleSentence } from '../../solver/rules/broken.ts'
import { rules, type TakenSeat } from '../../solver/rules/rules.ts'
import { aCase, aPolicy, aProblem, aWorker } from '../support/problems.ts'

interface Setting {
  case?: Partial<ProblemCase>
  worker?: Partial<ProblemWorker>
  problem?: Partial<Problem>
  policy?: Partial<Policy>
  others?: TakenSeat[]
  seat?: Seat
  lock?: Partial<Lock>
}

function brokenIn(setting: Setting): RuleCode[] {
  const theCase = aCase('Z1', setting.case)
  const worker = aWorker('M1', setting.worker)
  const lock: Lock[] = setting.lock
    ? [
        {
          caseId: 'Z1',
          seat: setting.seat ?? 'primary',
          workerId: 'M1',
          unregisteredException: false,
          aboveLimit: false,
          setAside: [],
          ...setting.lock,
        },
      ]
    : []
  const { cases = [], locks = [], workers = [aWorker('M2')], ...rest } = setting.problem ?? {}
  const problem = aProblem({
    ...rest,
    cases: [theCase, ...cases],
    workers: [worker, ...workers],
    policy: aPolicy(setting.policy),
    locks: [...lock, ...locks],
  })
  return broken(problem, theCase, setting.seat ?? 'primary', worker, setting.others ?? []).map(
    one => one.rule,
  )
}

const with27 = { normHours: 20 }
const duo = { duo: true, hours: { primary: 2, second: 1 } }
const learner: Partial<ProblemWorker> = { preferences: [{ kind: 'measure', code: 'ots', value: 'learn' }] }

/** Per rule: a setting that just keeps it, and one that just breaks it. */
const edges: [string, RuleCode, Setting, Setting][] = [
  [
    'first day of employment',
    'onDuty',
    { worker: { employedFrom: '2026-12-01' } },
    { worker: { employedFrom: '2026-12-02' } },
  ],
  [
    'last day of employment',
    'onDuty',
    { worker: { employedUntil: '2026-12-01' } },
    { worker: { employedUntil: '2026-11-30' } },
  ],
  [
    'away, last day included',
    'onDuty',
    { worker: { away: [{ from: '2026-11-01', until: '2026-11-30' }] } },
    { worker: { away: [{ from: '2026-11-01', until: '2026-12-01' }] } },
  ],
  [
    'away without end',
    'onDuty',
    { worker: { away: [{ from: '2026-12-02', until: null }] } },
    { worker: { away: [{ from: '2026-12-01', until: null }] } },
  ],
  ['norm hours', 'hasNorm', {}, { worker: { normHours: 0 } }],
  [
    'registration ends',
    'registration',
    { worker: { registration: { status: 'registered', from: null, until: '2026-12-01' } } },
    { worker: { registration: { status: 'registered', from: null, until: '2026-11-30' } } },
  ],
  [
    'registration begins',
    'registration',
    { worker: { registration: { status: 'registered', from: '2026-12-01', until: null } } },
    { worker: { registration: { status: 'registered', from: '2026-12-02', until: null } } },
  ],
  [
    'in training, with and without a recorded exception',
    'registration',
    {
      worker: { registration: { status: 'in_training', from: null, until: null } },
      lock: { unregisteredException: true },
    },
    { worker: { registration: { status: 'in_training', from: null, until: null } }, lock: {} },
  ],
  [
    'level of a required competence',
    'competence',
    {
      case: { competences: [{ competence: 'jr', level: 2, need: 'required' }] },
      worker: { competences: [{ competence: 'jr', level: 2, expiresOn: null }] },
    },
    {
      case: { competences: [{ competence: 'jr', level: 2, need: 'required' }] },
      worker: { competences: [{ competence: 'jr', level: 1, expiresOn: null }] },
    },
  ],
  [
    'competence expires',
    'competence',
    {
      case: { competences: [{ competence: 'jr', level: 1, need: 'required' }] },
      worker: { competences: [{ competence: 'jr', level: 1, expiresOn: '2026-12-01' }] },
    },
    {
      case: { competences: [{ competence: 'jr', level: 1, need: 'required' }] },
      worker: { competences: [{ competence: 'jr', level: 1, expiresOn: '2026-11-30' }] },
    },
  ],
  ['excluded', 'conflict', { case: { excludedWorkers: ['M2'] } }, { case: { excludedWorkers: ['M1'] } }],
  [
    'ruled out by the team',
    'teamExclusion',
    { problem: { exclusions: [{ caseId: 'Z1', workerId: 'M2' }] } },
    { problem: { exclusions: [{ caseId: 'Z1', workerId: 'M1' }] } },
  ],
  [
    'ruled out, set aside or not',
    'teamExclusion',
    { problem: { exclusions: [{ caseId: 'Z1', workerId: 'M1' }] }, lock: { setAside: ['teamExclusion'] } },
    { problem: { exclusions: [{ caseId: 'Z1', workerId: 'M1' }] }, lock: {} },
  ],
  [
    'exactly at the hard limit',
    'hardLimit',
    { case: { urgency: 'emergency' }, worker: { ...with27, hoursInUse: 21 } },
    { case: { urgency: 'emergency' }, worker: { ...with27, hoursInUse: 21.01 } },
  ],
  [
    'above the hard limit by decision',
    'hardLimit',
    { worker: { ...with27, hoursInUse: 30 }, lock: { aboveLimit: true } },
    { worker: { ...with27, hoursInUse: 30 }, lock: {} },
  ],
  [
    'exactly at the top of the band',
    'band',
    { worker: { ...with27, hoursInUse: 19 } },
    { worker: { ...with27, hoursInUse: 19.01 } },
  ],
  [
    'an emergency may pass the band',
    'band',
    { case: { urgency: 'emergency' }, worker: { ...with27, hoursInUse: 20 } },
    { case: { urgency: 'high' }, worker: { ...with27, hoursInUse: 20 } },
  ],
  [
    'people may pass the band',
    'band',
    { worker: { ...with27, hoursInUse: 20 }, lock: {} },
    { worker: { ...with27, hoursInUse: 20 } },
  ],
  [
    'an emergency on top of a case of this round',
    'band',
    {
      case: { urgency: 'emergency' },
      worker: { ...with27, hoursInUse: 17 },
      problem: { cases: [aCase('Z2', { urgency: 'emergency' })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
    {
      case: { urgency: 'emergency' },
      worker: { ...with27, hoursInUse: 17 },
      problem: { cases: [aCase('Z2')] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
  ],
  [
    'long travel counts',
    'band',
    { worker: { ...with27, hoursInUse: 19, travelMinutes: { Enschede: 30 } } },
    { worker: { ...with27, hoursInUse: 19, travelMinutes: { Enschede: 31 } } },
  ],
  ['new this week', 'newPerWeek', { worker: { newThisWeek: 1 } }, { worker: { newThisWeek: 2 } }],
  [
    'new this week, part time',
    'newPerWeek',
    { worker: { contractHours: 18, newThisWeek: 0 } },
    { worker: { contractHours: 18, newThisWeek: 1 } },
  ],
  [
    'new in this round',
    'newPerWeek',
    {
      worker: { newThisWeek: 1 },
      problem: { cases: [aCase('Z2')] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M2' }],
    },
    {
      worker: { newThisWeek: 1 },
      problem: { cases: [aCase('Z2')] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
  ],
  [
    'heavy cases',
    'heavyCases',
    { case: { hours: { primary: 5 } }, worker: { heavyCases: 2 } },
    { case: { hours: { primary: 5 } }, worker: { heavyCases: 3 } },
  ],
  [
    'heavy from the threshold',
    'heavyCases',
    { case: { hours: { primary: 4.99 } }, worker: { heavyCases: 3 } },
    { case: { hours: { primary: 3, second: 2 }, duo: true }, worker: { heavyCases: 3 } },
  ],
  [
    'two seats, two people',
    'duoDistinct',
    {
      case: { duo: true, hours: { primary: 2, second: 1 } },
      others: [{ caseId: 'Z1', seat: 'second', workerId: 'M2' }],
    },
    {
      case: { duo: true, hours: { primary: 2, second: 1 } },
      others: [{ caseId: 'Z1', seat: 'second', workerId: 'M1' }],
    },
  ],
  [
    'a threat needs two',
    'duoRequired',
    { case: { threat: true, duo: true, hours: { primary: 2, second: 1 } } },
    { case: { threat: true } },
  ],
  ['the family has a worker', 'together', { case: { familyWorker: 'M1' } }, { case: { familyWorker: 'M2' } }],
  [
    'the family has a worker, set aside',
    'together',
    { case: { familyWorker: 'M2' }, lock: { setAside: ['together'] } },
    { case: { familyWorker: 'M2' }, lock: {} },
  ],
  [
    'a sibling in this round',
    'together',
    {
      case: { group: 'G' },
      problem: { cases: [aCase('Z2', { group: 'G' })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
    {
      case: { group: 'G' },
      problem: { cases: [aCase('Z2', { group: 'G' })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M2' }],
    },
  ],
  [
    'the second seat may be anybody',
    'together',
    { seat: 'second', case: { duo: true, hours: { primary: 1, second: 1 }, familyWorker: 'M2' } },
    { case: { familyWorker: 'M2' } },
  ],
  [
    'locked',
    'lockedElsewhere',
    { lock: {} },
    {
      problem: {
        locks: [
          {
            caseId: 'Z1',
            seat: 'primary',
            workerId: 'M2',
            unregisteredException: false,
            aboveLimit: false,
            setAside: [],
          },
        ],
      },
    },
  ],
  [
    'an exclusion ends',
    'teamExclusion',
    { problem: { exclusions: [{ caseId: 'Z1', workerId: 'M1', until: '2026-11-30' }] } },
    { problem: { exclusions: [{ caseId: 'Z1', workerId: 'M1', until: '2026-12-01' }] } },
  ],
  [
    'new this month',
    'newPerMonth',
    { policy: { newPerMonth: 4 }, worker: { newThisMonth: 3 } },
    { policy: { newPerMonth: 4 }, worker: { newThisMonth: 4 } },
  ],
  [
    'new this month: a seat that one holds already is not new',
    'newPerMonth',
    {
      policy: { newPerMonth: 1 },
      worker: { newThisMonth: 0 },
      problem: { cases: [aCase('Z2', { current: { primary: 'M1' } })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
    {
      policy: { newPerMonth: 1 },
      worker: { newThisMonth: 0 },
      problem: { cases: [aCase('Z2', { current: { primary: 'M2' }, movable: true })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
  ],
  [
    'one new for six open',
    'openPerNew',
    { policy: { openPerNew: 6 }, worker: { openCases: 12, newThisWeek: 1 } },
    { policy: { openPerNew: 6 }, worker: { openCases: 11, newThisWeek: 1 } },
  ],
  [
    'one new for six open, never under one; the month counts where it is known',
    'openPerNew',
    { policy: { openPerNew: 6 }, worker: { openCases: 0 } },
    { policy: { openPerNew: 6 }, worker: { openCases: 6, newThisMonth: 1 } },
  ],
  [
    'cases of one kind',
    'kindCap',
    {
      policy: { kindCaps: [{ kind: 'measure', code: 'ots', most: 2 }] },
      worker: { kinds: [{ kind: 'measure', code: 'ots', count: 1 }] },
    },
    {
      policy: { kindCaps: [{ kind: 'measure', code: 'ots', most: 2 }] },
      worker: { kinds: [{ kind: 'measure', code: 'ots', count: 2 }] },
    },
  ],
  [
    'cases of one kind, with this round',
    'kindCap',
    {
      policy: { kindCaps: [{ kind: 'factor', code: 'lvb', most: 1 }] },
      case: { factors: ['lvb'] },
      problem: { cases: [aCase('Z2')] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
    {
      policy: { kindCaps: [{ kind: 'factor', code: 'lvb', most: 1 }] },
      case: { factors: ['lvb'] },
      problem: { cases: [aCase('Z2', { factors: ['lvb'] })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
  ],
  [
    'rather not, per round',
    'ratherNot',
    {
      policy: { ratherNotPerRound: 1 },
      worker: { preferences: [{ kind: 'measure', code: 'ots', value: 'rather_not' }] },
    },
    {
      policy: { ratherNotPerRound: 1 },
      worker: { preferences: [{ kind: 'measure', code: 'ots', value: 'rather_not' }] },
      problem: { cases: [aCase('Z2')] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M1' }],
    },
  ],
  [
    'a mentor who is away',
    'mentor',
    {
      policy: { learningNeedsMentor: true },
      worker: { ...learner, mentor: 'M2' },
      problem: { workers: [aWorker('M2', { mentorRoom: 1 })] },
    },
    {
      policy: { learningNeedsMentor: true },
      worker: { ...learner, mentor: 'M2' },
      problem: {
        workers: [aWorker('M2', { mentorRoom: 1, away: [{ from: '2026-11-01', until: null }] })],
      },
    },
  ],
  [
    'a mentor with room, shared by the people one guides',
    'mentor',
    {
      policy: { learningNeedsMentor: true },
      worker: { ...learner, mentor: 'M2' },
      problem: {
        cases: [aCase('Z2')],
        workers: [aWorker('M2', { mentorRoom: 2 }), aWorker('M3', { ...learner, mentor: 'M2' })],
      },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M3' }],
    },
    {
      policy: { learningNeedsMentor: true },
      worker: { ...learner, mentor: 'M2' },
      problem: {
        cases: [aCase('Z2')],
        workers: [aWorker('M2', { mentorRoom: 1 }), aWorker('M3', { ...learner, mentor: 'M2' })],
      },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M3' }],
    },
  ],
  [
    'a mentor, where the policy asks for none',
    'mentor',
    { worker: learner },
    {
      worker: learner,
      policy: { learningNeedsMentor: true },
    },
  ],
  [
    'in training on a second seat',
    'registration',
    {
      seat: 'second',
      policy: { secondSeatRegistered: false },
      case: { duo: true, hours: { primary: 2, second: 1 } },
      worker: { registration: { status: 'in_training', from: null, until: null } },
    },
    {
      seat: 'primary',
      policy: { secondSeatRegistered: false },
      case: { duo: true, hours: { primary: 2, second: 1 } },
      worker: { registration: { status: 'in_training', from: null, until: null } },
    },
  ],
  [
    'a competence of the other seat',
    'competence',
    {
      seat: 'second',
      case: { ...duo, competences: [{ competence: 'jr', level: 1, need: 'required', seat: 'primary' }] },
    },
    {
      seat: 'second',
      case: { ...duo, competences: [{ competence: 'jr', level: 1, need: 'required', seat: 'second' }] },
    },
  ],
  [
    'an existing case that may move',
    'notMovable',
    { case: { current: { primary: 'M2' }, movable: true } },
    { case: { current: { primary: 'M2' } } },
  ],
  [
    'who is away keeps a case, who has left does not',
    'onDuty',
    { case: { current: { primary: 'M1' } }, worker: { away: [{ from: '2026-11-01', until: null }] } },
    { case: { current: { primary: 'M1' } }, worker: { employedUntil: '2026-11-30' } },
  ],
  [
    'staying asks for nothing new; ruled out is ruled out',
    'teamExclusion',
    { case: { current: { primary: 'M1' } }, worker: { hoursInUse: 40, newThisWeek: 9, normHours: 0 } },
    {
      case: { current: { primary: 'M1' } },
      problem: { exclusions: [{ caseId: 'Z1', workerId: 'M1' }] },
    },
  ],
  [
    'heavy cases that one holds count, also when they move away',
    'heavyCases',
    {
      case: { hours: { primary: 5 } },
      worker: { heavyCases: 2 },
      problem: { cases: [aCase('Z2', { current: { primary: 'M1' }, movable: true })] },
    },
    {
      case: { hours: { primary: 5 } },
      worker: { heavyCases: 2 },
      problem: {
        cases: [aCase('Z2', { hours: { primary: 5 }, current: { primary: 'M1' }, movable: true })],
      },
    },
  ],
  [
    'a sibling who stays elsewhere, unless the family is split already',
    'together',
    {
      case: { group: 'G', current: { primary: 'M2' }, movable: true },
      problem: { cases: [aCase('Z2', { group: 'G', current: { primary: 'M3' }, movable: true })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M3' }],
    },
    {
      case: { group: 'G' },
      problem: { cases: [aCase('Z2', { group: 'G', current: { primary: 'M3' }, movable: true })] },
      others: [{ caseId: 'Z2', seat: 'primary', workerId: 'M3' }],
    },
  ],
  ['left waiting', 'teamWaits', {}, { problem: { waiting: ['Z1'] } }],
]

describe('rules', () => {
  test.each(edges)('%s: %s', (_name, rule, keeps, breaks) => {
    expect(brokenIn(keeps)).not.toContain(rule)
    expect(brokenIn(breaks)).toContain(rule)
  })

  test('an ordinary pair breaks nothing', () => {
    expect(brokenIn({})).toEqual([])
  })

  test('what people set aside with a motive, a lock sets aside', () => {
    const setting: Setting = {
      policy: {
        newPerMonth: 1,
        openPerNew: 6,
        kindCaps: [{ kind: 'measure', code: 'ots', most: 1 }],
        ratherNotPerRound: 0,
        learningNeedsMentor: true,
      },
      case: { measures: ['ots', 'jr'], current: { primary: 'M2' } },
      worker: {
        newThisMonth: 1,
        openCases: 3,
        kinds: [{ kind: 'measure', code: 'ots', count: 1 }],
        preferences: [
          { kind: 'measure', code: 'ots', value: 'rather_not' },
          { kind: 'measure', code: 'jr', value: 'learn' },
        ],
      },
    }
    const codes = ['notMovable', 'newPerMonth', 'openPerNew', 'kindCap', 'ratherNot', 'mentor']
    expect(brokenIn({ ...setting, lock: {} })).toEqual(codes)
    expect(codes.map(code => rules.find(rule => rule.code === code)?.setAside)).toEqual(
      codes.map(() => 'motive'),
    )
    for (const code of codes) {
      expect(brokenIn({ ...setting, lock: { setAside: [code] } })).toEqual(codes.filter(one => one !== code))
    }
  })

  test('every rule has its sentences, filled, in both languages', () => {
    const facts = { startOn: '2026-12-01', level: 1, has: 0, loadAfter: 1, limit: 1, count: 1, cap: 1 }
    for (const rule of rules) {
      const said = ruleSentence({ rule: rule.code, facts: { ...facts, competence: 'jr', subject: 'ots' } })
      expect(said.nl + said.en, rule.code).not.toMatch(/[{}]/)
    }
  })

  test('every rule has an edge above', () => {
    expect(new Set(edges.map(edge => edge[1]))).toEqual(new Set(rules.map(rule => rule.code)))
  })

  test('every broken rule is named, not only the first', () => {
    const codes = brokenIn({
      worker: { normHours: 10, hoursInUse: 30, newThisWeek: 9 },
      problem: { waiting: ['Z1'] },
    })
    expect(codes).toEqual(['teamWaits', 'hardLimit', 'band', 'newPerWeek'])
  })

  test('sentences name the numbers, in each language its own way', () => {
    const theCase = aCase('Z1')
    const worker = aWorker('M1', { normHours: 20, hoursInUse: 19.5 })
    const problem = aProblem({
      cases: [theCase],
      workers: [worker],
      policy: aPolicy({ hardLimit: 1.125, bandHigh: 1.105 }),
    })
    const breach = broken(problem, theCase, 'primary', worker, []).find(one => one.rule === 'band')!
    expect(ruleSentence(breach)).toEqual({
      nl: 'Komt op 112,5 % van de norm. Boven 110,5 % beslissen alleen mensen.',
      en: 'Would reach 112.5% of the norm. Above 110.5% only people decide.',
    })
  })

  test('the hidden reason gives nothing away', () => {
    const theCase = aCase('Z1', { excludedWorkers: ['M1'] })
    const worker = aWorker('M1')
    const problem = aProblem({ cases: [theCase], workers: [worker] })
    expect(broken(problem, theCase, 'primary', worker, [])).toEqual([{ rule: 'conflict', facts: {} }])
  })
})

describe('days on which something begins that was decided before', () => {
  const policy = aPolicy()
  const theCase = aCase('Z1', { hours: { primary: 4 } })
  const breach = (ahead: ProblemWorker['ahead']) => {
    const worker = aWorker('M1', { normHours: 25, hoursInUse: 18, ahead })
    const problem = aProblem({ policy, cases: [theCase], workers: [worker] })
    return broken(problem, theCase, 'primary', worker, []).find(one => one.rule === 'hardLimit')
  }

  test('the limit holds on each of them, by the hours and the norm of that day', () => {
    expect(breach([{ on: '2026-12-08', hours: 26, normHours: 25 }])).toBeUndefined()
    expect(breach([{ on: '2026-12-08', hours: 26.01, normHours: 25 }])?.facts).toEqual({
      hoursAfter: 30.01,
      loadAfter: 120,
      limit: 120,
      over: 0.01,
      on: '2026-12-08',
    })
    expect(breach([{ on: '2026-12-08', hours: 22, normHours: 20 }])?.facts.loadAfter).toBe(130)
    expect(breach([{ on: '2026-12-08', hours: 26.5, normHours: 25, hardLimit: 1.25 }])).toBeUndefined()
  })

  test('the highest of several figures is named, with its day', () => {
    const found = breach([
      { on: '2026-12-08', hours: 27, normHours: 25 },
      { on: '2027-01-04', hours: 26, normHours: 22 },
      { on: '2027-02-01', hours: 28, normHours: 25 },
    ])
    expect(found?.facts).toMatchObject({ on: '2027-01-04', loadAfter: 136.4 })
    expect(ruleSentence(found!).nl).toBe(
      'Komt vanaf 4 januari 2027 op 136,4 % van de norm, met wat voor later al is besloten. Dat is boven de harde grens van 120 %.',
    )
  })
})

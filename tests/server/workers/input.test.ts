import { expect, test } from 'vitest'
import type { WorkerInput } from '../../../server/contract/workers.ts'
import { Refusal } from '../../../server/http/call.ts'
import { FieldErrors } from '../../../server/http/field-errors.ts'
import { checkRecord } from '../../../server/workers/input.ts'

const input: WorkerInput = {
  name: 'M. de Vries',
  teamId: 1,
  contractHours: 36,
  dutyHours: 4,
  registration: 'registered',
  registrationFrom: '2020-01-01',
  registrationUntil: null,
  baseMunicipality: 'ENSCHEDE',
  employedFrom: '2020-01-01',
  employedUntil: null,
  competences: [{ competence: 'OTS', level: 2, expiresOn: null }],
  reductions: [{ reason: 'OPLEIDING', percentage: 20, validFrom: '2026-01-01', validUntil: '2026-06-30' }],
  absences: [{ percentage: 100, validFrom: '2026-07-01', validUntil: '2026-07-14' }],
}
const known = {
  competences: new Map([
    ['OTS', { active: true, maxLevel: 3 }],
    ['OUD', { active: false, maxLevel: 3 }],
  ]),
  reasons: new Map([
    ['OPLEIDING', { active: true, maximumPercentage: 80 }],
    ['TAAK', { active: true, maximumPercentage: 100 }],
  ]),
  municipalities: new Set(['ENSCHEDE']),
}

function fieldsOf(change: Partial<WorkerInput>, before: WorkerInput | null = null): string[] {
  const errors = new FieldErrors('nl')
  checkRecord({ ...input, ...change }, before, known, errors)
  try {
    errors.refuse()
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.status).toBe(422)
    return (error.extra.errors ?? []).map(one => one.field)
  }
}

const period = (validFrom: string, validUntil: string | null) => ({ percentage: 50, validFrom, validUntil })

test.each<[string, Partial<WorkerInput>, string[]]>([
  ['a good record', {}, []],
  ['an end before the start', { employedUntil: '2019-01-01' }, ['employedUntil']],
  ['a registration that ends before it starts', { registrationUntil: '2019-01-01' }, ['registrationUntil']],
  ['more duties than contract', { dutyHours: 40 }, ['dutyHours']],
  ['an unknown municipality', { baseMunicipality: 'ELDERS' }, ['baseMunicipality']],
  [
    'a competence twice, too high, unknown, retired',
    {
      competences: [
        { competence: 'OTS', level: 4, expiresOn: null },
        { competence: 'OTS', level: 1, expiresOn: null },
        { competence: 'X', level: 1, expiresOn: null },
        { competence: 'OUD', level: 1, expiresOn: null },
      ],
    },
    [
      'competences.0.level',
      'competences.1.competence',
      'competences.2.competence',
      'competences.3.competence',
    ],
  ],
  [
    'a reduction above the maximum of its reason',
    { reductions: [{ reason: 'OPLEIDING', ...period('2026-01-01', null), percentage: 90 }] },
    ['reductions.0.percentage'],
  ],
  [
    'the same reason twice at one time',
    {
      reductions: [
        { reason: 'TAAK', ...period('2026-01-01', '2026-03-31') },
        { reason: 'TAAK', ...period('2026-03-31', null) },
      ],
    },
    ['reductions.1.validFrom'],
  ],
  [
    'two reasons at one time are fine',
    {
      reductions: [
        { reason: 'TAAK', ...period('2026-01-01', null) },
        { reason: 'OPLEIDING', ...period('2026-01-01', null) },
      ],
    },
    [],
  ],
  [
    'absences that overlap, on one day too',
    { absences: [period('2026-01-01', '2026-01-10'), period('2026-01-10', '2026-01-20')] },
    ['absences.1.validFrom'],
  ],
  [
    'absences one after the other are fine',
    { absences: [period('2026-01-01', '2026-01-10'), period('2026-01-11', null)] },
    [],
  ],
  [
    'an absence of nothing that ends before it starts',
    { absences: [{ percentage: 0, validFrom: '2026-02-01', validUntil: '2026-01-01' }] },
    ['absences.0.percentage', 'absences.0.validUntil'],
  ],
])('%s', (_, change, fields) => {
  expect(fieldsOf(change)).toEqual(fields)
})

test('what somebody has already stays allowed when the catalogue retires it', () => {
  const competences = [{ competence: 'OUD', level: 1, expiresOn: null }]
  expect(fieldsOf({ competences }, { ...input, competences })).toEqual([])
})

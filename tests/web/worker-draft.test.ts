import { describe, expect, test } from 'vitest'
import { preferenceDraftOf, preferencesOf } from '../../web/own/preference-draft.ts'
import { emptyDraft, faultsOf, inputOf, rebase, type WorkerDraft } from '../../web/worker/worker-draft.ts'

const draft = (change: Partial<WorkerDraft> = {}): WorkerDraft => ({
  ...emptyDraft(1, '2026-11-22'),
  staffNumber: 'jb-001',
  name: 'M. de Vries',
  contractHours: 36,
  ...change,
})
const fields = (change: Partial<WorkerDraft>) =>
  faultsOf(draft(change), null, fault => fault).map(({ field, message }) => `${field}: ${message}`)

describe('what the form of a worker sees for itself', () => {
  test('a complete worker has no faults, and empty fields are sent as null', () => {
    expect(fields({})).toEqual([])
    expect(inputOf(draft())).toMatchObject({ employedUntil: null, baseMunicipality: null, dutyHours: 0 })
  })
  test('empty and impossible fields are named', () => {
    expect(fields({ name: ' ', contractHours: '', staffNumber: '-x' })).toEqual([
      'staffNumber: staffNumber',
      'name: required',
      'contractHours: required',
    ])
    expect(fields({ contractHours: 24, dutyHours: 25 })).toEqual(['dutyHours: duty'])
    expect(fields({ employedUntil: '2026-11-21' })).toEqual(['employedUntil: order'])
  })
  test('rows are named with their place', () => {
    const competence = { competence: 'OTS', level: 2, expiresOn: '' }
    expect(fields({ competences: [competence, { ...competence, level: 9 }] })).toEqual([
      'competences.1.competence: twice',
      'competences.1.level: level',
    ])
    expect(
      fields({ absences: [{ percentage: 0, validFrom: '2026-12-02', validUntil: '2026-12-01' }] }),
    ).toEqual(['absences.0.percentage: percentage', 'absences.0.validUntil: order'])
  })
})

describe('somebody else saved first', () => {
  const base = { hours: 36, name: 'A', team: 1 }
  test('what was typed stays, the rest takes the new value', () => {
    expect(rebase({ ...base, hours: 30 }, base, { ...base, name: 'B' })).toEqual({
      draft: { hours: 30, name: 'B', team: 1 },
      both: [],
    })
  })
  test('a field that both changed is named, unless to the same value', () => {
    expect(rebase({ ...base, hours: 30 }, base, { ...base, hours: 28 })).toEqual({
      draft: { ...base, hours: 30 },
      both: ['hours'],
    })
    expect(rebase({ ...base, hours: 28 }, base, { ...base, hours: 28 }).both).toEqual([])
  })
})

test('wishes survive the way to the form and back; neutral is not sent', () => {
  const wishes = [
    { kind: 'measure' as const, code: 'OTS', value: 'rather' as const, validUntil: null },
    { kind: 'heavy' as const, code: 'heavy', value: 'rather_not' as const, validUntil: '2027-01-01' },
  ]
  const form = preferenceDraftOf(wishes)
  expect(preferencesOf(form)).toEqual(wishes)
  form['measure OTS'] = { value: 'neutral', validUntil: '' }
  expect(preferencesOf(form)).toEqual(wishes.slice(1))
})

import { describe, expect, it } from 'vitest'
import type { Choice, ChoiceInput } from '../../server/contract/choices.ts'
import { clashOf } from '../../web/round/conflict.ts'

const CASE = 'ZK-2026-0001'
const worker = (staffNumber: string) => ({ staffNumber, name: staffNumber })
const choice = (id: number, given: Partial<Choice>): Choice => ({
  id,
  caseNumber: CASE,
  seat: 'primary',
  kind: 'override',
  worker: worker('jb-1'),
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
  by: 'B. Boer',
  at: '2026-11-22T10:00:00.000Z',
  ...given,
})
const mine = (given: Partial<ChoiceInput> = {}): ChoiceInput => ({
  caseNumber: CASE,
  seat: 'primary',
  kind: 'override',
  staffNumber: 'jb-2',
  reasonCode: null,
  reasonText: null,
  unregisteredReason: null,
  setAside: [],
  acceptsExcess: false,
  ...given,
})

describe('two people who decide about the same seat', () => {
  it('do not clash over another case, the other seat, or what was seen before', () => {
    const seen = choice(1, {})
    expect(clashOf(mine(), [seen], [seen])).toBe(null)
    expect(clashOf(mine(), [], [choice(2, { caseNumber: 'ZK-2026-0002' })])).toBe(null)
    expect(clashOf(mine(), [], [choice(2, { seat: 'second' })])).toBe(null)
    expect(clashOf(mine(), [], [choice(2, { kind: 'exclude', worker: worker('jb-3') })])).toBe(null)
  })

  it('clash over a choice on that seat, a wait of the case, and the worker that one rules out', () => {
    const theirs = [
      choice(2, {}),
      choice(3, { kind: 'lock' }),
      choice(4, { kind: 'wait', worker: null }),
      choice(5, { kind: 'exclude', worker: worker('jb-2') }),
    ]
    for (const one of theirs) expect(clashOf(mine(), [], [one])?.theirs).toEqual([one])
    const second = choice(6, { seat: 'second' })
    expect(clashOf(mine({ kind: 'wait', staffNumber: null }), [], [second])?.theirs).toEqual([second])
  })

  it('clash over what was taken back, told once when something took its place', () => {
    const seen = choice(1, {})
    expect(clashOf(mine(), [seen], [])).toMatchObject({ theirs: [], gone: [seen] })
    const instead = choice(2, { worker: worker('jb-9') })
    expect(clashOf(mine(), [seen], [instead])).toMatchObject({ theirs: [instead], gone: [] })
  })
})

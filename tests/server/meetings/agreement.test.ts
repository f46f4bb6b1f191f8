import { describe, expect, it } from 'vitest'
import { agreed, agreementOf } from '../../../server/draft/first-look.ts'
import { lookPoints } from '../../../server/pulse/agreement.ts'

const look = (staffNumber: string | null, hours: number | null = null) => ({ staffNumber, hours })

describe('whether a team looked the same way as the suggestion', () => {
  it('asks for more than half of those who named somebody', () => {
    expect(agreed([look('jb-1'), look('jb-1'), look('jb-2')], 'jb-1')).toBe(true)
    expect(agreed([look('jb-1'), look('jb-2')], 'jb-1')).toBe(false)
    expect(agreed([look('jb-1'), look('jb-1'), look(null), look(null), look(null)], 'jb-1')).toBe(true)
  })

  it('says nothing about one person, or about nobody', () => {
    expect(agreed([look('jb-1')], 'jb-1')).toBeNull()
    expect(agreed([look('jb-1'), look(null, 5)], 'jb-1')).toBeNull()
    expect(agreed([look('jb-1'), look('jb-1')], null)).toBeNull()
    expect(agreementOf([look(null, 5), look(null, 7.5)], 'jb-1')).toEqual({
      withSuggestion: 0,
      candidates: 0,
      lowest: 5,
      highest: 7.5,
    })
  })
})

describe('how often that was so over time', () => {
  const round = (roundId: number, cases: number, met: number, teamIds = [1]) => ({
    roundId,
    teamIds,
    day: `2026-11-${String(roundId).padStart(2, '0')}`,
    cases,
    agreed: met,
  })

  it('never shows fewer than five cases: rounds of the same teams count together until there are', () => {
    expect(lookPoints([round(1, 4, 3)])).toEqual([])
    expect(lookPoints([round(1, 4, 3), round(2, 0, 0), round(3, 2, 1), round(4, 6, 6)])).toEqual([
      { rounds: [1, 3], from: '2026-11-01', until: '2026-11-03', cases: 6, agreed: 4 },
      { rounds: [4], from: '2026-11-04', until: '2026-11-04', cases: 6, agreed: 6 },
    ])
  })

  it('keeps rounds of other teams apart', () => {
    expect(lookPoints([round(1, 3, 3), round(2, 3, 0, [2]), round(3, 3, 1, [1, 2])])).toEqual([])
  })
})

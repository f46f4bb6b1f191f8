import { expect, test } from 'vitest'
import { needsOf, overlap, type StoredNeed } from '../../../server/weighing/needs.ts'

const need = (
  competence: string,
  level: number,
  seat: StoredNeed['seat'] = null,
  kind: StoredNeed['need'] = 'required',
): StoredNeed => ({ competence, level, need: kind, seat })

test('a pair is asked per seat; what is asked of both has no seat', () => {
  expect(needsOf([need('OTS', 2, 'second'), need('LVB', 1), need('OTS', 1, 'primary')], true)).toEqual([
    { competence: 'LVB', level: 1, need: 'required' },
    { competence: 'OTS', level: 1, need: 'required', seat: 'primary' },
    { competence: 'OTS', level: 2, need: 'required', seat: 'second' },
  ])
})

test('without a pair all of it is asked of the one worker, each competence once', () => {
  const asked = [
    need('OTS', 1, 'primary'),
    need('OTS', 2, 'second'),
    need('LVB', 1, 'primary'),
    need('LVB', 3, 'second', 'wanted'),
    need('SCHEIDING', 1, 'primary', 'wanted'),
    need('SCHEIDING', 2, 'second', 'wanted'),
  ]
  const general = [
    { competence: 'LVB', level: 1, need: 'required' },
    { competence: 'OTS', level: 2, need: 'required' },
    { competence: 'SCHEIDING', level: 2, need: 'wanted' },
  ]
  expect(needsOf(asked, false)).toEqual(general)
  expect(needsOf(asked.toReversed(), false)).toEqual(general)
})

test('the same competence may be asked once of both seats, or once of each', () => {
  expect(overlap(need('OTS', 1, 'primary'), need('OTS', 2, 'second'))).toBe(false)
  expect(overlap(need('OTS', 1, 'primary'), need('OTS', 2, 'primary'))).toBe(true)
  expect(overlap(need('OTS', 1), need('OTS', 2, 'second'))).toBe(true)
  expect(overlap(need('OTS', 1), need('LVB', 1))).toBe(false)
})

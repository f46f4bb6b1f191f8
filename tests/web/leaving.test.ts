import { expect, test } from 'vitest'
import { leaveDays, loadOn } from '../../web/workload/leaving.ts'

test('whoever has left is out of service from a day, and before it somebody with or without a norm', () => {
  const left = leaveDays([
    { day: '2027-01-04', kind: 'rulebook', staffNumber: null, name: null },
    { day: '2027-01-11', kind: 'workerLeaves', staffNumber: 'jb-1', name: 'A. Leaver' },
    { day: '2027-01-12', kind: 'reductionEnds', staffNumber: 'jb-2', name: 'B. Stays' },
  ])
  expect([...left]).toEqual([['jb-1', '2027-01-11']])
  const say = (workload: number | null, on: string, who: string) =>
    loadOn(workload, { on, left: left.get(who) })
  expect(say(null, '2027-01-11', 'jb-1')).toMatch(/^uit dienst vanaf 11 jan\S* 2027$/)
  expect(say(null, '2027-01-10', 'jb-1')).toBe('geen caseload')
  expect(say(0.5, '2027-01-10', 'jb-1')).toBe('50,0\u00a0%')
  expect(say(null, '2027-01-12', 'jb-2')).toBe('geen caseload')
})

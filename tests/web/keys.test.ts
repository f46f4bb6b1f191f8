import { describe, expect, test } from 'vitest'
import { isPressed, type Pressed } from '../../web/base/keys.ts'
import { previewLoad } from '../../web/round/draft.ts'

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('a key press is what was described', () => {
  test('single keys, whatever Shift or the keyboard makes of them', () => {
    expect(isPressed('a', press('a'), null)).toBe(true)
    expect(isPressed('a', press('A', { shiftKey: true }), null)).toBe(true)
    expect(isPressed('?', press('?', { shiftKey: true }), null)).toBe(true)
    expect(isPressed('a', press('a', { ctrlKey: true }), null)).toBe(false)
    expect(isPressed('a', press('a', { altKey: true }), null)).toBe(false)
  })

  test('with Ctrl, or the command key of a Mac, and Shift only where it is asked', () => {
    expect(isPressed('Ctrl+z', press('z', { ctrlKey: true }), null)).toBe(true)
    expect(isPressed('Ctrl+z', press('z', { metaKey: true }), null)).toBe(true)
    expect(isPressed('Ctrl+z', press('Z', { ctrlKey: true, shiftKey: true }), null)).toBe(false)
    expect(isPressed('Ctrl+Shift+z', press('Z', { ctrlKey: true, shiftKey: true }), null)).toBe(true)
    expect(isPressed('Ctrl+z', press('z'), null)).toBe(false)
  })

  test('one after the other', () => {
    expect(isPressed('g i', press('i'), 'g')).toBe(true)
    expect(isPressed('g i', press('i'), null)).toBe(false)
    expect(isPressed('g i', press('w'), 'g')).toBe(false)
  })
})

describe('a load looked at before the choice is made', () => {
  const band = { low: 0.9, high: 1.1, hardLimit: 1.2 }
  const load = (staffNumber: string, hours: number) => ({
    worker: { staffNumber, name: staffNumber },
    normHours: 20,
    before: { hours: 0, workload: 0, status: 'room' as const },
    after: { hours, workload: hours / 20, status: 'onNorm' as const },
    newCases: 1,
    heavyBefore: 0,
    heavyAfter: 0,
  })
  const line = { worker: { staffNumber: 'jb-1', name: 'K. Bos' }, hours: 5.25 }
  const gets = {
    worker: { staffNumber: 'jb-2', name: 'M. de Vries' },
    after: { hours: 25, workload: 1.25, status: 'farAboveNorm' as const },
  }

  test('goes up for who gets the seat, down for who has it, and stays for the others', () => {
    expect(previewLoad(load('jb-2', 20), line, gets, band)).toMatchObject({ after: gets.after, newCases: 2 })
    expect(previewLoad(load('jb-1', 20), line, gets, band)).toMatchObject({
      after: { hours: 14.75, workload: 0.7375, status: 'room' },
      newCases: 0,
    })
    const other = load('jb-3', 20)
    expect(previewLoad(other, line, gets, band)).toBe(other)
  })

  test('has no percentage without norm hours', () => {
    const without = { ...load('jb-1', 5.25), normHours: 0 }
    expect(previewLoad(without, line, gets, band).after).toEqual({
      hours: 0,
      workload: null,
      status: 'noCaseload',
    })
  })
})

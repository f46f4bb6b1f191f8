import { expect, test } from 'vitest'
import { flawOf } from '../../../server/http/free-text.ts'
import { fitsForm, numberFlaw, numberSentence, ownNumbers } from '../../../server/http/own-numbers.ts'

const TODAY = '2026-11-30'
const flaw = (number: string, form: string | null = null) => numberFlaw(number, form, TODAY)

test('a number holds no citizen service number, however it is dressed', () => {
  for (const one of [
    '900000041',
    'ZK900000041',
    'ZK-900000041',
    '900.000.041',
    '9000-00-041',
    '12-900000041',
  ]) {
    expect(flaw(one), one).toBe('looksLikeCitizenNumber')
  }
  for (const one of ['ZK-2026-0412', '2026-01234', 'jb-0042', '20260123', '900000042', 'G-17']) {
    expect(flaw(one), one).toBeNull()
  }
})

test('a number holds no birth date, with a name or by itself, and is not a name', () => {
  for (const one of [
    'Jansen-19850412',
    'jansen12041985',
    'PIETERSEN_2026-03-12',
    '12-04-2015',
    '12042015',
    '2015-04-12',
  ]) {
    expect(flaw(one), one).toBe('looksLikeBirthDate')
  }
  for (const one of [
    'VOTS-20261102',
    'ZAAK-20261124',
    '2026-03-12',
    '20190412',
    'ZK20190412',
    'G-31022015',
  ]) {
    expect(flaw(one), one).toBeNull()
  }
})

test('with a form of its own the organisation decides, and says so', () => {
  expect(fitsForm('Z-####|V.@@*', 'z-0412')).toBe(true)
  expect(fitsForm('Z-####|V.@@*', 'V.ab1')).toBe(true)
  expect(fitsForm('Z-####|V.@@*', 'Vxab1')).toBe(false)
  expect(flaw('900000041', '#########')).toBeNull()
  expect(flaw('ZK-1', 'Z-####|V####')).toBe('notOwnForm')
  expect(numberSentence('notOwnForm', 'Z-####|V####').en).toContain('Z-#### or V####')
})

test('what has the form of a case number is no citizen service number in a text', () => {
  const forms = { caseNumber: 'Z#########', familyNumber: null, staffNumber: null }
  expect(flawOf('Zie Z900000041.')?.fragment).toBe('900000041')
  expect(flawOf('Zie Z900000041.', ownNumbers(forms))).toBeNull()
  expect(flawOf('Zie 900000041.', ownNumbers(forms))?.fragment).toBe('900000041')
})

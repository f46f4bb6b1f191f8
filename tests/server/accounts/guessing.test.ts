import { describe, expect, it } from 'vitest'
import { weaknessOf } from '../../../server/accounts/guessing.ts'

const ME = ['jan.de.vries@instroom.test', 'Jan de Vries', 'Jeugdbescherming Hier']

describe('a password that is easy to guess', () => {
  it.each([
    ['Jan.de.Vries@instroom.test', 'personal'],
    ['jan de vries 1980', 'personal'],
    ['devriesjandevries', 'personal'],
    ['JeugdbeschermingHier1', 'personal'],
    ['Wachtwoord123456', 'known'],
    ['sinterklaas12345', 'known'],
    ['qazwsxedcrfvtgb', 'known'],
    ['aaaaaaaaaaaaaaaa', 'pattern'],
    ['Welkom01Welkom01', 'pattern'],
    ['lente2026lente2026', 'pattern'],
    ['W@chtw00rd!W@chtw00rd!', 'pattern'],
    ['1234567890123456', 'pattern'],
    ['maandagdinsdagwoensdag', 'pattern'],
    ['januarifebruarimaart', 'pattern'],
    ['amsterdamamsterdam', 'pattern'],
    ['jeugdbescherming2026', 'words'],
    ['welkombijinstroom', 'words'],
    ['kinderbescherming!', 'words'],
    ['teamleiderteam1', 'words'],
    ['hoofdletterwoord', 'words'],
    ['ditiseenwachtwoord', 'words'],
    ['Winter2026!Winter', 'words'],
  ])('is named with why: %s (%s)', (password, why) => {
    expect(weaknessOf(password, ME)).toBe(why)
  })

  it.each([
    'paard fiets lamp wolk',
    'tafel stoel raam deur',
    'correct horse battery staple',
    'de hond eet graag kaas',
    'wolkenveld fietspomp',
    'een heel ander wachtwoord',
    'regenjas-trompet-zeehond',
    'x7Kq9z!mWp2vR4t',
    'Op dinsdag bakt de buurman appeltaart',
    'żółw biegnie przez śnieg',
    '🐢🚲🌧🎺🦭🧀🪑🚪🐎💡☁🍏🥧🧥🪟',
  ])('is none that takes long to find: %s', password => {
    expect(weaknessOf(password, ME)).toBeNull()
  })

  it('is known by its beginning, however long it is', () => {
    expect(weaknessOf('wachtwoord'.repeat(20), ME)).toBe('pattern')
    expect(weaknessOf('4@$5!1|0376'.repeat(18), [])).not.toBe('words')
    expect(weaknessOf('x'.repeat(200), ['x'.repeat(200)])).not.toBeNull()
  })
})

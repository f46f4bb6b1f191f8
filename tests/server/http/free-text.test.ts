import { describe, expect, it } from 'vitest'
import { flawOf, passesElevenTest } from '../../../server/http/free-text.ts'
import { ORDINARY_MOTIVES } from './ordinary-motives.ts'

/** Made up: it passes the eleven-test and belongs to no range that is given out. */
const NUMBER = '900000041'

describe('what people may not type', () => {
  it('finds a citizen service number however it is written, and shows it', () => {
    expect(passesElevenTest(NUMBER)).toBe(true)
    const written = [
      NUMBER,
      `bsn${NUMBER}`,
      `BSN:${NUMBER}.`,
      `kind${NUMBER}x`,
      '900 000 041',
      '900.000.041',
      '900-000-041',
      '900/000/041',
      '9000 00 041',
      '9000.00.041',
      '90 00 00 041',
      '9 0 0 0 0 0 0 4 1',
      '900\u00a0000\u00a0041',
      '900 - 000 - 041',
    ]
    for (const one of written) {
      const flaw = flawOf(`Zie ${one} voor de rest.`)
      expect(flaw?.message.en, one).toContain('citizen service number')
      expect(flaw?.fragment.replace(/\D/g, ''), one).toBe(NUMBER)
    }
    expect(flawOf('Zie 9000\u200b00041')?.fragment, 'with an invisible character').toBe(NUMBER)
    expect(flawOf('Zie ９００００００４１')?.fragment).toBe(NUMBER)
    expect(flawOf('Zie 900000042'), 'fails the eleven-test').toBeNull()
    expect(flawOf('Zie 9000000410'), 'ten digits').toBeNull()
  })

  it('leaves what is a number of the organisation alone, and that only', () => {
    const isOwn = (piece: string) => /^Z\d{9}$/.test(piece) || /^\d{4}-\d{5}$/.test(piece)
    expect(flawOf(`Zie Z${NUMBER}.`, isOwn)).toBeNull()
    expect(flawOf(`Zie ${NUMBER}.`, isOwn)?.fragment).toBe(NUMBER)
    expect(flawOf(`Zie ZZ${NUMBER}.`, isOwn)?.fragment).toBe(NUMBER)
    expect(flawOf('Zie 9000-00041.', isOwn)).toBeNull()
    expect(flawOf('Zie 9000-00041.')?.fragment).toBe('9000-00041')
  })

  it('finds mail addresses, links, phone numbers and addresses, each with its fragment', () => {
    const found: [text: string, fragment: string][] = [
      ['Mail naar k.jansen@voorbeeld.nl graag', 'k.jansen@voorbeeld.nl'],
      ['Mail: k.jansen @ voorbeeld.nl', 'k.jansen @ voorbeeld.nl'],
      ['k.jansen(at)voorbeeld.nl', 'k.jansen(at)voorbeeld.nl'],
      ['Zie https://dossier.voorbeeld/zaak/3', 'https://dossier.voorbeeld/zaak/3'],
      ['Zie www.voorbeeld.nl/zaak', 'www.voorbeeld.nl/zaak'],
      ['Zie dossier.voorbeeld.nl', 'dossier.voorbeeld.nl'],
      ['Bel 06-12345678', '06-12345678'],
      ['Bel 06 12 34 56 78 na zes uur', '06 12 34 56 78'],
      ['Bel tel0612345678', '0612345678'],
      ['Bel 020 - 123 45 67', '020 - 123 45 67'],
      ['Bel +31 (0)6 12345678', '+31 (0)6 12345678'],
      ['Bel 0031612345678', '0031612345678'],
      ['Bel +32 470 12 34 56', '+32 470 12 34 56'],
      ['Woont op 1234 AB 12', '1234 AB 12'],
      ['Woont op 1234ab nr. 12a', '1234ab nr. 12a'],
      ['Dorpsstraat 12, 1234 AB', '12, 1234 AB'],
      ['1234.AB.12', '1234.AB.12'],
      ['1234 A B 12', '1234 A B 12'],
      ['x1234AB12', '1234AB12'],
    ]
    for (const [text, fragment] of found) expect(flawOf(text)?.fragment, text).toBe(fragment)
    expect(flawOf('In 1234 AB is nog niemand'), 'a postcode without a house number').toBeNull()
  })

  it('refuses characters that nobody sees, and keeps line ends', () => {
    expect(flawOf('Bel\u0007')?.fragment).toBe('U+0007')
    expect(flawOf('Zaak \u202e123')?.fragment).toBe('U+202E')
    expect(flawOf('Eerste regel\ntweede regel')).toBeNull()
  })

  it('refuses none of two hundred ordinary motives', () => {
    expect(ORDINARY_MOTIVES.length).toBeGreaterThanOrEqual(200)
    const refused = ORDINARY_MOTIVES.filter(text => flawOf(text) !== null)
    expect(refused.map(text => [text, flawOf(text)?.fragment])).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { GROUNDS_OF, groundIn } from '../../../server/http/grounds.ts'
import * as start from '../../../server/rulebook/start-values.ts'

test('a reason for fewer hours names no cause: Dutch and English, also in a code', () => {
  const refused = [
    'Zwangerschap',
    'zwangerschapsverlof',
    'ZWANGERSCHAP_2',
    'Ziekte',
    'Ziektewet',
    'Burn-out',
    'Burnout',
    'Chronische aandoening',
    'Lid van de vakbond',
    'FNV',
    'Kolftijd',
    'Religieuze feestdag',
    'Pregnancy',
    'Maternity leave',
    'Sick leave',
    'Medical treatment',
    'Trade union work',
    'Turkse achtergrond',
    'Transgender zorg',
  ]
  for (const name of refused) expect(groundIn(name, 'reductionReasons')?.fragment, name).toBeTruthy()
  expect(groundIn('Zwangerschap', 'reductionReasons')?.message.nl).toBe(
    'Dit gaat over zwangerschap. Een reden voor minder uren is neutraal: verlof, taak, opleiding, opbouw van uren of overig.',
  )
})

test('neutral reasons stand, and so do words that only look like one', () => {
  const fine = [
    'Ouderschapsverlof',
    'Ondernemingsraad',
    'Muziek en werk',
    'Re-integratie',
    'Managementtaak',
    'Verbond',
  ]
  for (const name of fine) expect(groundIn(name, 'reductionReasons'), name).toBeNull()
})

test('work may be about health, an expected child or a language, and not about belief, origin or sex', () => {
  for (const name of [
    'Verslaving in het gezin',
    'Ongeboren kind, zwangerschap',
    'Turks spreken',
    'Autisme',
  ]) {
    expect(groundIn(name, 'competences'), name).toBeNull()
    expect(groundIn(name, 'factors'), name).toBeNull()
  }
  for (const name of ['Islamitisch gezin', 'Etnische achtergrond', 'Alleen vrouwen', 'Christelijk']) {
    expect(groundIn(name, 'competences'), name).not.toBeNull()
    expect(groundIn(name, 'factors'), name).not.toBeNull()
  }
})

test('what Instroom starts with stands', () => {
  const { measures, factors, competences, methods, overrideReasons, reductionReasons } = start
  const lists = { measures, factors, competences, methods, overrideReasons, reductionReasons }
  for (const list of Object.keys(lists) as (keyof typeof lists)[]) {
    expect(GROUNDS_OF[list].length).toBeGreaterThan(0)
    for (const { code, nameNl, nameEn } of lists[list]) {
      for (const text of [code, nameNl, nameEn]) expect(groundIn(text, list), `${list} ${text}`).toBeNull()
    }
  }
})

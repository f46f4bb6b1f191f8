import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import words from '../../docs/words.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '../..')
const web = join(root, 'web')

function keysOf(locale: 'nl' | 'en'): string[] {
  const directory = join(web, 'text', locale)
  const under = (value: unknown, path: string): string[] =>
    typeof value === 'string'
      ? [path]
      : Object.entries(value as object).flatMap(([key, inner]) => under(inner, `${path}.${key}`))
  return readdirSync(directory).flatMap(file =>
    under(JSON.parse(readFileSync(join(directory, file), 'utf8')), file.replace('.json', '')),
  )
}

function codeIn(directory: string): string {
  return readdirSync(directory, { withFileTypes: true })
    .map(entry => {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) return codeIn(path)
      return /\.(ts|vue)$/.test(entry.name) ? readFileSync(path, 'utf8') : ''
    })
    .join('\n')
}

const code = codeIn(web)

test('both languages have the same texts', () => {
  expect(keysOf('en').sort()).toEqual(keysOf('nl').sort())
})

test('every text that a screen names is there', () => {
  const known = new Set(keysOf('nl'))
  const named = [...code.matchAll(/\bt\('([\w.-]+)'/g)].map(([, key]) => key!)
  expect(named.filter(key => key.includes('.') && !known.has(key))).toEqual([])
})

test('every text is used: by its name, or by a name of which a part is looked up', () => {
  const words = new Set([...code.matchAll(/['"`]([\w.-]+)['"`]/g)].map(([, word]) => word))
  const made = [...code.matchAll(/`((?:[\w.-]|\$\{[^`{}]*\})+)`/g)]
    .map(([, template]) => template!.split(/\$\{[^}]*\}/))
    .filter(parts => parts.length > 1 && parts.join('').length > 1)
    .map(parts => new RegExp(`^${parts.map(part => part.replaceAll('.', '\\.')).join('[\\w.-]+')}$`))
  const unused = keysOf('nl').filter(key => {
    const inRoom = key.slice(key.indexOf('.') + 1)
    return [key, inRoom].every(name => !words.has(name) && !made.some(one => one.test(name)))
  })
  expect(unused).toEqual([])
})

/** The texts of a language in the web, by key. */
function textsOf(locale: 'nl' | 'en'): [where: string, text: string][] {
  const directory = join(web, 'text', locale)
  const under = (value: unknown, path: string): [string, string][] =>
    typeof value === 'string'
      ? [[path, value]]
      : Object.entries(value as object).flatMap(([key, inner]) => under(inner, `${path}.${key}`))
  return readdirSync(directory).flatMap(file =>
    under(JSON.parse(readFileSync(join(directory, file), 'utf8')), file.replace('.json', '')),
  )
}

const QUOTED = String.raw`(?:'(?:[^'\\\n]|\\.)*'|\`(?:[^\`\\]|\\.)*\`)`

const SENTENCE = /^.\p{Lu}\S* \S+ \S+ .*[.:?].$/su
const DUTCH =
  /\b(de|vul|het|een|van|niet|wordt|deze|dit|zijn|voor|naar|met|hier|staat|laat|dat|kies|geef|haal|zet)\b/i

/** The sentences that server and solver write in both languages: `nl: '…', en: '…'`, `nl ? '…' : '…'`, and lists of them. */
function sentencesIn(directory: string, locale: 'nl' | 'en'): [where: string, text: string][] {
  return readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return sentencesIn(path, locale)
    if (!entry.name.endsWith('.ts')) return []
    const source = readFileSync(path, 'utf8')
    const before = locale === 'en' ? '(?:en|summary)' : 'nl'
    const named = [...source.matchAll(new RegExp(`\\b${before}:\\s*(${QUOTED})`, 'g'))].map(
      ([, text]) => text!,
    )
    const chosen = [
      ...source.matchAll(new RegExp(`\\bnl\\s*\\?\\s*(${QUOTED})\\s*:\\s*(${QUOTED})`, 'g')),
    ].map(([, nl, en]) => (locale === 'nl' ? nl! : en!))
    // Lists of sentences without a language beside them tell theirs by the small words.
    const listed = [...source.matchAll(new RegExp(`(?<=[\\s(])${QUOTED}(?=[,)\\n])`, 'g'))]
      .map(([text]) => text)
      .filter(text => SENTENCE.test(text) && DUTCH.test(text) === (locale === 'nl'))
    // What stands between ${ and } is a name in code, not a word that people read.
    return [...named, ...chosen, ...listed].map((text): [string, string] => [
      path.slice(root.length + 1),
      text.replace(/\$\{[^}]*\}/g, '…'),
    ])
  })
}

test.each(['nl', 'en'] as const)('no text in %s says what has another word in the glossary', locale => {
  const forbidden = Object.entries(words[locale]).map(([old, better]) => ({
    old: new RegExp(`(?<![\\w{/-])(?:${old})(?![\\w}])`, 'i'),
    better,
  }))
  const texts = [
    ...textsOf(locale),
    ...['server', 'solver'].flatMap(room => sentencesIn(join(root, room), locale)),
  ]
  expect(texts.length).toBeGreaterThan(3000)
  const wrong = texts.flatMap(([where, text]) =>
    forbidden
      .filter(({ old }) => old.test(text))
      .map(({ old, better }) => `${where}: "${text}" says ${old.exec(text)![0]}, not ${better}`),
  )
  expect(wrong).toEqual([])
})

test('English writes a percentage without a space', () => {
  const texts = [
    ...textsOf('en'),
    ...['server', 'solver'].flatMap(room => sentencesIn(join(root, room), 'en')),
  ]
  expect(texts.filter(([, text]) => /[\d}…] %/.test(text))).toEqual([])
})

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const web = resolve(import.meta.dirname, '../../web')

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

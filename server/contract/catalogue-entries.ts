import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Code, Day, nullable, object, Percentage, ReasonUse, Version } from './common.ts'
import { entryCode, entryName } from './typed.ts'

export const CatalogueList = oneOf(
  'measures',
  'factors',
  'competences',
  'methods',
  'overrideReasons',
  'reductionReasons',
  'municipalities',
)
export type CatalogueList = Static<typeof CatalogueList>

const EntryName = entryName(100)

/** What an entry says besides its code. Each list asks for its own part of what is optional here, and refuses the rest. */
const properties = {
  nameNl: EntryName,
  /** A municipality has one name. */
  nameEn: Type.Optional(EntryName),
  abbreviation: Type.Optional(entryName(20)),
  kind: Type.Optional(oneOf('civil', 'criminal', 'voluntary')),
  isThreat: Type.Optional(Type.Boolean()),
  /** Says something of the work, so that people can have a wish about it; not of what clients are or need. */
  aboutWork: Type.Optional(Type.Boolean()),
  maxLevel: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  needsText: Type.Optional(Type.Boolean()),
  /** What a reason can be given for: at least one thing. */
  uses: Type.Optional(Type.Array(ReasonUse, { minItems: 1, uniqueItems: true })),
  defaultPercentage: Type.Optional(Percentage),
  maximumPercentage: Type.Optional(Percentage),
  maximumMonths: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 120 }))),
}
/** `endsOn`: the first day on which it is no longer offered; null: it stays. */
export const CatalogueChange = object({ ...properties, endsOn: nullable(Day) })
export type CatalogueChange = Static<typeof CatalogueChange>
export const CatalogueEntry = object({
  ...properties,
  code: Code,
  active: Type.Boolean(),
  endsOn: nullable(Day),
  version: Version,
})
export type CatalogueEntry = Static<typeof CatalogueEntry>
const NewEntry = object({ ...properties, code: entryCode() })
export type NewEntry = Static<typeof NewEntry>

const listParams = object({ list: CatalogueList })
const entryParams = object({ list: CatalogueList, code: Code })
const Entries = Type.Array(CatalogueEntry)

export const catalogueEndpoints = {
  'GET /catalogues/:list': {
    summary: 'The entries of one list with everything that an administrator can change',
    tag: 'rulebook',
    params: listParams,
    reply: Entries,
    may: 'catalogue.write',
  },
  'POST /catalogues/:list': {
    summary: 'Add an entry to a list',
    tag: 'rulebook',
    params: listParams,
    body: NewEntry,
    reply: Entries,
    may: 'catalogue.write',
    once: true,
    status: 201,
  },
  'PUT /catalogues/:list/:code': {
    summary: 'Change an entry, or let it end: what was used is never removed',
    tag: 'rulebook',
    params: entryParams,
    body: CatalogueChange,
    reply: Entries,
    may: 'catalogue.write',
    ifMatch: true,
  },
  'DELETE /catalogues/:list/:code': {
    summary: 'Remove an entry that was never used',
    tag: 'rulebook',
    params: entryParams,
    reply: Entries,
    may: 'catalogue.write',
    ifMatch: true,
  },
} as const

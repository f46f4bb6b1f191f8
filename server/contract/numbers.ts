import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { CatalogueList } from './catalogue-entries.ts'
import { nullable, object, Version } from './common.ts'

/**
 * How a number looks: # is a digit, @ a letter, * either, and all else stands for itself; several forms with | between.
 * 'Z-####-#####' takes Z-2026-00123.
 */
const NumberForm = Type.String({
  minLength: 3,
  maxLength: 120,
  pattern:
    '^(?=.*[#*])[A-Za-z0-9#@*][A-Za-z0-9_.#@*-]{2,39}(\\|(?=.*[#*])[A-Za-z0-9#@*][A-Za-z0-9_.#@*-]{2,39}){0,4}$',
})

/** Of the organisation's own numbers; null: any letters, digits, points and dashes that hold nothing personal. */
export const NumberForms = object({
  caseNumber: nullable(NumberForm),
  familyNumber: nullable(NumberForm),
  staffNumber: nullable(NumberForm),
})
export type NumberForms = Static<typeof NumberForms>

/** What looks the same and was there before that was refused; the oldest of each is first. */
const Twins = Type.Array(
  object({
    kind: oneOf('team', 'worker', 'case', 'family', 'entry'),
    /** Of an entry: of which list. */
    list: nullable(CatalogueList),
    names: Type.Array(object({ name: Type.String(), team: nullable(Type.String()) })),
  }),
)
export type Twins = Static<typeof Twins>

export const numberEndpoints = {
  'GET /organisation/numbers': {
    summary: 'How the numbers of cases, families and workers look',
    tag: 'accounts',
    reply: object({ ...NumberForms.properties, version: Version }),
    may: 'session.own',
  },
  'PUT /organisation/numbers': {
    summary: 'Say how new numbers of cases, families and workers look; what is there stays',
    tag: 'accounts',
    body: NumberForms,
    reply: object({ ...NumberForms.properties, version: Version }),
    may: 'catalogue.write',
    ifMatch: true,
  },
  'GET /organisation/twins': {
    summary: 'Numbers and names that count as the same and were there twice before that was refused',
    tag: 'accounts',
    reply: Twins,
    may: 'catalogue.write',
  },
} as const

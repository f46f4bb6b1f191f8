import { type Static, Type } from 'typebox'
import { oneOf } from '../../solver/problem/one-of.ts'
import { Id, Moment, nullable, object } from './common.ts'
import { CSV, type Endpoint, FILE_BODY } from './endpoint.ts'
import { fileText, nameText } from './typed.ts'

export const ImportKind = oneOf('workers', 'cases')

export const ImportInput = object({
  /** The whole file as text; at most 5 MB. */
  text: fileText(5_000_000),
  /** true: report what would happen and change nothing. */
  dryRun: Type.Boolean(),
  /** What columns of another system are here; kept for next time once the file is imported. */
  columns: Type.Optional(
    Type.Array(
      object({
        heading: nameText(100),
        /** One of the report's `columns`; null: pass it over. */
        column: nullable(Type.String({ pattern: '^[a-z_]{1,40}$', maxLength: 40 })),
      }),
      { maxItems: 60 },
    ),
  ),
})

export const ImportReport = object({
  kind: ImportKind,
  dryRun: Type.Boolean(),
  rows: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  /** The first 1,000, in the order of the file. */
  changes: Type.Array(
    object({
      row: Type.Integer(),
      id: Type.String(),
      what: oneOf('create', 'update'),
      fields: Type.Array(
        object({ column: Type.String(), from: nullable(Type.String()), to: nullable(Type.String()) }),
      ),
    }),
  ),
  /** How many changes come after those. */
  moreChanges: Type.Integer({ minimum: 0 }),
  /** The columns of this kind of list. */
  columns: Type.Array(Type.String()),
  /** Columns of the file that are named otherwise. */
  headings: Type.Array(
    object({
      heading: Type.String(),
      /** Which column it is by choice, now or before; null when it is passed over or nobody chose. */
      column: nullable(Type.String()),
      chosen: Type.Boolean(),
      /** The first value in it. */
      example: nullable(Type.String()),
    }),
  ),
  /** How many errors there are; `errors` tells the first 300. */
  faults: Type.Integer({ minimum: 0 }),
  /** Any error means that nothing is imported. Row 1 is the header line. */
  errors: Type.Array(
    object({
      row: Type.Integer(),
      column: nullable(Type.String()),
      value: nullable(Type.String()),
      message: Type.String(),
      /** What to do about it. */
      advice: Type.String(),
    }),
  ),
})
export type ImportReport = Static<typeof ImportReport>

export const EventQuery = object({
  object: Type.Optional(Type.String({ maxLength: 40 })),
  id: Type.Optional(Type.String({ maxLength: 60 })),
  type: Type.Optional(Type.String({ maxLength: 60 })),
  /** Only events before this number, for the next page. */
  before: Type.Optional(Type.Integer({ minimum: 1, maximum: 9007199254740991 })),
})
export const EventList = object({
  events: Type.Array(
    object({
      seq: Type.Integer(),
      at: Moment,
      type: Type.String(),
      actor: nullable(Type.String()),
      actorRole: nullable(Type.String()),
      team: nullable(Type.String()),
      objectType: Type.String(),
      objectId: Type.String(),
      /** What happened, as a sentence in the reader's language. */
      sentence: Type.String(),
    }),
  ),
  more: Type.Boolean(),
})
export type EventList = Static<typeof EventList>

/** A line of the live stream (server-sent events): only that something changed, and where to look. */
export const LiveEvent = object({
  seq: Type.Integer(),
  type: Type.String(),
  objectType: Type.String(),
  objectId: Type.String(),
  teamId: nullable(Id),
})
export type LiveEvent = Static<typeof LiveEvent>

export const recordEndpoints = {
  'GET /events': {
    summary: 'What happened, newest first',
    tag: 'records',
    query: EventQuery,
    reply: EventList,
    may: 'event.read',
  },
  'POST /imports/workers': {
    summary: 'Import workers from CSV, dry run first',
    tag: 'records',
    body: ImportInput,
    reply: ImportReport,
    may: 'import.workers',
    once: true,
    bodyLimit: FILE_BODY,
    readsFile: true,
  },
  'POST /imports/cases': {
    summary: 'Import cases from CSV, dry run first',
    tag: 'records',
    body: ImportInput,
    reply: ImportReport,
    may: 'import.cases',
    once: true,
    bodyLimit: FILE_BODY,
    readsFile: true,
  },
  'GET /imports/workers/template': {
    summary: 'An empty list of workers to fill in, as CSV',
    tag: 'records',
    reply: Type.String(),
    may: 'import.workers',
    file: { name: { nl: 'sjabloon-medewerkers', en: 'template-workers' }, type: CSV },
  },
  'GET /imports/cases/template': {
    summary: 'An empty list of cases to fill in, as CSV',
    tag: 'records',
    reply: Type.String(),
    may: 'import.cases',
    file: { name: { nl: 'sjabloon-zaken', en: 'template-cases' }, type: CSV },
  },
  'GET /exports/workers': {
    summary: 'Workers as CSV that the import reads back',
    tag: 'records',
    reply: Type.String(),
    may: 'export.workers',
    file: { name: { nl: 'medewerkers', en: 'workers' }, type: CSV },
  },
  'GET /exports/cases': {
    summary: 'Cases as CSV that the import reads back',
    tag: 'records',
    reply: Type.String(),
    may: 'export.cases',
    file: { name: { nl: 'zaken', en: 'cases' }, type: CSV },
  },
} as const satisfies Record<string, Endpoint>

import type { Endpoints } from '../../server/contract/endpoints.ts'
import { PHASES } from '../../server/contract/phase-order.ts'
import type { Catalogues } from '../../server/contract/rulebook.ts'

export type Preference = NonNullable<Endpoints['GET /workers/:staffNumber']['reply']['preferences']>[number]
type Kind = Preference['kind']

export interface Subject {
  /** `measure OTS`: what a wish is about, unique. */
  id: string
  kind: Kind
  code: string
  name: string
  values: Preference['value'][]
}
/** What is chosen, by subject; a subject that is not there is neutral. `validUntil` is '' for no end. */
export type PreferenceDraft = Record<string, { value: Preference['value']; validUntil: string }>

/** Learning goes with a kind of work; a phase, a region and heavy cases are no skill. */
const values: Record<Kind, Preference['value'][]> = {
  measure: ['rather', 'neutral', 'rather_not', 'learn'],
  phase: ['rather', 'neutral', 'rather_not'],
  method: ['rather', 'neutral', 'rather_not', 'learn'],
  factor: ['rather', 'neutral', 'rather_not', 'learn'],
  region: ['rather', 'neutral', 'rather_not'],
  heavy: ['rather', 'neutral', 'rather_not'],
}

/**
 * Everything that a wish can be about, by group: the work, and not what clients are or need. A retired entry stays while there is a wish about it, or nobody could
 * take that wish back.
 */
export function subjectsOf(
  catalogues: Catalogues,
  chosen: PreferenceDraft,
  heavyName: string,
  phaseName: (phase: string) => string,
): { kind: Kind; subjects: Subject[] }[] {
  const subjects = (
    kind: Kind,
    entries: { code: string; name: string; active?: boolean; aboutWork?: boolean }[],
  ) => ({
    kind,
    subjects: entries
      .filter(one => one.aboutWork !== false)
      .map(({ code, name, active }) => ({
        id: `${kind} ${code}`,
        kind,
        code,
        name,
        values: values[kind],
        active: active !== false,
      }))
      .filter(one => one.active || one.id in chosen),
  })
  return [
    subjects('measure', catalogues.measures),
    subjects(
      'phase',
      PHASES.map(code => ({ code, name: phaseName(code) })),
    ),
    subjects('method', catalogues.methods),
    subjects('factor', catalogues.factors),
    subjects('heavy', [{ code: 'heavy', name: heavyName }]),
    subjects('region', catalogues.municipalities),
  ].filter(group => group.subjects.length > 0)
}

export const preferenceDraftOf = (preferences: readonly Preference[]): PreferenceDraft =>
  Object.fromEntries(
    preferences.map(({ kind, code, value, validUntil }) => [
      `${kind} ${code}`,
      { value, validUntil: validUntil ?? '' },
    ]),
  )

/** What is sent: neutral is the absence of a wish. */
export const preferencesOf = (draft: PreferenceDraft): Preference[] =>
  Object.entries(draft)
    .filter(([, { value }]) => value !== 'neutral')
    .map(([id, { value, validUntil }]) => {
      const space = id.indexOf(' ')
      return {
        kind: id.slice(0, space) as Kind,
        code: id.slice(space + 1),
        value,
        validUntil: validUntil || null,
      }
    })

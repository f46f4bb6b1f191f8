import type { CaseDetail, CaseInput } from '../../server/contract/cases.ts'
import type { FieldError } from '../base/form.ts'

/** A case as the form holds it: an empty field is '', never null, and a number is the text that was typed. */
export interface CaseDraft {
  caseNumber: string
  teamId: number | ''
  familyNumber: string
  measures: { measure: string; startOn: string; endOn: string }[]
  phase: NonNullable<CaseInput['phase']> | ''
  children: string
  factors: string[]
  methods: string[]
  urgency: CaseInput['urgency']
  receivedOn: string
  municipality: string
  /** `seat`: the seat of a pair that needs it; only counts while the case is a pair. */
  competences: {
    competence: string
    level: number
    need: 'required' | 'wanted'
    seat: 'both' | 'primary' | 'second'
  }[]
  duoNeeded: boolean
  formerWorkers: string[]
}

export function emptyCase(teamId: number | '', today: string): CaseDraft {
  return {
    caseNumber: '',
    teamId,
    familyNumber: '',
    measures: [{ measure: '', startOn: today, endOn: '' }],
    phase: '',
    children: '',
    factors: [],
    methods: [],
    urgency: 'normal',
    receivedOn: today,
    municipality: '',
    competences: [],
    duoNeeded: false,
    formerWorkers: [],
  }
}

export function caseDraftOf(detail: CaseDetail): CaseDraft {
  return {
    caseNumber: detail.caseNumber,
    teamId: detail.teamId,
    familyNumber: detail.familyNumber ?? '',
    measures: detail.measureDates.map(one => ({ ...one, endOn: one.endOn ?? '' })),
    phase: detail.phase ?? '',
    children: detail.children === null ? '' : String(detail.children),
    factors: [...detail.factors].sort(),
    methods: [...detail.methods].sort(),
    urgency: detail.urgency,
    receivedOn: detail.receivedOn,
    municipality: detail.municipality ?? '',
    competences: detail.competences.map(one => ({ ...one, seat: one.seat ?? 'both' })),
    duoNeeded: detail.duoNeeded,
    formerWorkers: detail.formerWorkers.map(worker => worker.staffNumber),
  }
}

/** A pair: two people, because somebody says so or because a factor is a threat. `threats`: the codes of those factors. */
export function isPair(draft: CaseDraft, threats: ReadonlySet<string>): boolean {
  return draft.duoNeeded || draft.factors.some(code => threats.has(code))
}

/** What is sent; only for a draft without faults. */
export function caseInputOf(draft: CaseDraft, threats: ReadonlySet<string>): CaseInput {
  const pair = isPair(draft, threats)
  return {
    teamId: Number(draft.teamId),
    familyNumber: draft.familyNumber.trim() || null,
    measures: filledMeasures(draft).map(one => ({ ...one, endOn: one.endOn || null })),
    phase: draft.phase || null,
    children: draft.children.trim() === '' ? null : Number(draft.children),
    factors: [...draft.factors],
    methods: [...draft.methods],
    urgency: draft.urgency,
    receivedOn: draft.receivedOn,
    municipality: draft.municipality || null,
    competences: draft.competences.map(({ seat, ...one }) =>
      pair && seat !== 'both' ? { ...one, seat } : one,
    ),
    duoNeeded: draft.duoNeeded,
    formerWorkers: [...draft.formerWorkers],
  }
}

/** The one empty line that a new case starts with says nothing: the measure is then still unknown. */
function filledMeasures(draft: CaseDraft) {
  const [only] = draft.measures
  return draft.measures.length === 1 && only?.measure === '' ? [] : draft.measures
}

export type CaseFault =
  | 'caseNumber'
  | 'familyNumber'
  | 'teamId'
  | 'receivedOn'
  | 'receivedLater'
  | 'children'
  | 'measure'
  | 'measureTwice'
  | 'measureFrom'
  | 'measureOrder'
  | 'competence'
  | 'competenceTwice'
  | 'competenceTwiceForSeat'
  | 'competenceTwiceAlone'

const NUMBER = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/

/** What is wrong with a draft, field by field, in the words that `say` has for it. */
export function faultsOf(
  draft: CaseDraft,
  today: string,
  threats: ReadonlySet<string>,
  say: (fault: CaseFault) => string,
): FieldError[] {
  const found: FieldError[] = []
  const wrong = (field: string, fault: CaseFault) => found.push({ field, message: say(fault) })
  if (!NUMBER.test(draft.caseNumber.trim())) wrong('caseNumber', 'caseNumber')
  if (draft.familyNumber.trim() && !NUMBER.test(draft.familyNumber.trim()))
    wrong('familyNumber', 'familyNumber')
  if (draft.teamId === '') wrong('teamId', 'teamId')
  if (!draft.receivedOn) wrong('receivedOn', 'receivedOn')
  else if (draft.receivedOn > today) wrong('receivedOn', 'receivedLater')
  filledMeasures(draft).forEach((one, index, all) => {
    if (!one.measure) wrong(`measures.${index}.measure`, 'measure')
    else if (all.findIndex(other => other.measure === one.measure) < index)
      wrong(`measures.${index}.measure`, 'measureTwice')
    if (!one.startOn) wrong(`measures.${index}.startOn`, 'measureFrom')
    else if (one.endOn && one.endOn < one.startOn) wrong(`measures.${index}.endOn`, 'measureOrder')
  })
  const children = draft.children.trim()
  if (children && !(/^\d+$/.test(children) && Number(children) <= 30)) wrong('children', 'children')
  const pair = isPair(draft, threats)
  draft.competences.forEach((one, index, all) => {
    const fault = needFault(one, all.slice(0, index), pair)
    if (fault) wrong(`competences.${index}.competence`, fault)
  })
  return found
}

/** A competence is asked once of both seats of a pair, or once of each; of one worker once. */
function needFault(one: Need, before: readonly Need[], pair: boolean): CaseFault | null {
  if (!one.competence) return 'competence'
  const same = before.filter(other => other.competence === one.competence)
  if (same.length === 0) return null
  if (same.some(other => other.seat === one.seat)) {
    return pair && one.seat !== 'both' ? 'competenceTwiceForSeat' : 'competenceTwice'
  }
  if (!pair) return 'competenceTwiceAlone'
  return one.seat === 'both' || same.some(other => other.seat === 'both') ? 'competenceTwiceForSeat' : null
}

type Need = CaseDraft['competences'][number]

/** What a rulebook fills in, as a line of the form. */
export type UsualNeed = Pick<Need, 'competence' | 'level' | 'need'>

const isUsual = (line: Need, usual: readonly UsualNeed[]) =>
  line.seat === 'both' &&
  usual.some(one => one.competence === line.competence && one.level === line.level && one.need === line.need)

/**
 * The lines once something else is usually needed than before: what is new is filled in, and what was filled in and is not
 * usual any more goes again. A line that somebody added, changed or removed stays as they left it.
 */
export function withUsual(
  lines: readonly Need[],
  before: readonly UsualNeed[],
  now: readonly UsualNeed[],
): Need[] {
  const kept = lines.filter(line => !isUsual(line, before) || isUsual(line, now))
  const added = now.filter(
    one =>
      !before.some(
        other => other.competence === one.competence && other.level === one.level && other.need === one.need,
      ) && !kept.some(line => line.competence === one.competence),
  )
  return [...kept, ...added.map(one => ({ ...one, seat: 'both' as const }))]
}

/** The competences of the lines that are as the rulebook fills them in. */
export const usualIn = (lines: readonly Need[], usual: readonly UsualNeed[]): string[] =>
  lines.filter(line => isUsual(line, usual)).map(line => line.competence)

/** The entries of a catalogue that can be chosen: those in use, and a retired one that this case already has. */
export const offered = <Entry extends { code: string; active: boolean }>(
  entries: Entry[] | undefined,
  used: string[],
): Entry[] => (entries ?? []).filter(entry => entry.active || used.includes(entry.code))

/** The fields in which two drafts differ. */
export function differences(mine: CaseDraft, theirs: CaseDraft): (keyof CaseDraft)[] {
  const plain = (draft: CaseDraft) => ({ ...draft, factors: [...draft.factors].sort() })
  const [a, b] = [plain(mine), plain(theirs)]
  return (Object.keys(a) as (keyof CaseDraft)[]).filter(
    field => JSON.stringify(a[field]) !== JSON.stringify(b[field]),
  )
}

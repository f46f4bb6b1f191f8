import type { CompetenceNeed, Phase, Seat, Urgency } from '../../solver/problem/problem.ts'
import { comparable } from '../contract/names.ts'
import { usualNeeds } from '../contract/usual-needs.ts'
import type { Sliced } from '../event-loop/slices.ts'
import {
  choice,
  choiceOf,
  code,
  day,
  list,
  numberOfPeople,
  optional,
  orNone,
  otherwise,
  parts,
  text,
  whole,
} from '../tables/cell.ts'
import type { Columns, Table } from '../tables/table.ts'
import { overlap, type StoredNeed } from '../weighing/needs.ts'
import type { CaseRecord, CasesState } from './case-record.ts'
import { duoOf, settleSeats } from './case-seats.ts'
import { checkNumber, found, makePlan, ownTeams, type Plan, refuseTeam, type SettleRow } from './plan.ts'
import { checkOrder, knownCode, municipalityOf } from './workers.ts'

export const caseColumns: Columns<CaseRecord> = {
  caseNumber: { name: 'zaaknummer', codec: numberOfPeople },
  familyNumber: { name: 'gezinsnummer', codec: optional(numberOfPeople) },
  team: { name: 'team', codec: text(100) },
  measures: {
    name: 'maatregelen',
    codec: list(parts('CODE:vanaf:tot_en_met', { measure: code, startOn: day, endOn: optional(day) }), 10),
  },
  phase: {
    name: 'fase',
    codec: optional(
      choiceOf<Phase>({
        begin: ['begin', 'beginfase', 'initial', 'initial phase'],
        middle: ['midden', 'middenfase', 'middle', 'middle phase'],
        end: ['eind', 'eindfase', 'end', 'closing', 'closing phase'],
      }),
    ),
  },
  children: { name: 'kinderen', codec: optional(whole(0, 30)) },
  factors: { name: 'factoren', codec: list(code, 30) },
  urgency: {
    name: 'urgentie',
    codec: otherwise<Urgency>(
      choiceOf<Urgency>({
        emergency: ['spoed', 'emergency'],
        high: ['hoog', 'high'],
        normal: ['gewoon', 'normaal', 'normal', 'ordinary'],
      }),
      'normal',
    ),
  },
  receivedOn: { name: 'ontvangen_op', codec: day },
  municipality: { name: 'gemeente', codec: optional(text(100)) },
  competences: {
    name: 'competenties',
    codec: orNone(
      list(
        parts('CODE:niveau:nodig of gewenst:eerste of tweede', {
          competence: code,
          level: whole(1, 5),
          need: choice<CompetenceNeed['need']>([
            ['required', 'nodig', 'vereist', 'required', 'needed'],
            ['wanted', 'gewenst', 'wanted', 'desired'],
          ]),
          // Left out: both seats, or the case is no pair.
          seat: optional(
            choice<Seat>([
              ['primary', 'eerste', 'eerste plek', 'first', 'first seat', 'primary'],
              ['second', 'tweede', 'tweede plek', 'second', 'second seat'],
            ]),
          ),
        }),
        20,
      ),
      ['geen', 'none'],
    ),
  },
  duoNeeded: {
    name: 'duo',
    codec: otherwise(
      choice<boolean>([
        [true, 'ja', 'yes', 'j', 'y', '1', 'x', 'waar', 'true', 'duo'],
        [false, 'nee', 'no', 'n', '0', 'onwaar', 'false'],
      ]),
      false,
    ),
  },
  formerWorkers: {
    name: 'eerdere_medewerkers',
    codec: list(parts('personeelsnummer:tot', { staffNumber: numberOfPeople, untilOn: optional(day) }), 20),
  },
  primary: { name: 'medewerker', codec: optional(numberOfPeople) },
  primaryFrom: { name: 'medewerker_vanaf', codec: optional(day) },
  second: { name: 'tweede_medewerker', codec: optional(numberOfPeople) },
  secondFrom: { name: 'tweede_medewerker_vanaf', codec: optional(day) },
}

/** Rows of a file and what there is -> what would change, or what is wrong. Pure. */
export function planCases(table: Table<CaseRecord>, state: CasesState): Sliced<Plan<CaseRecord>> {
  return makePlan(table, {
    columns: caseColumns,
    key: 'caseNumber',
    known: state.known,
    outOfSight: state.outOfSight,
    teams: ownTeams(state.teams),
    required: ['team', 'receivedOn'],
    defaults: {
      familyNumber: null,
      measures: [],
      phase: null,
      children: null,
      factors: [],
      urgency: 'normal',
      municipality: null,
      competences: [],
      duoNeeded: false,
      formerWorkers: [],
      primary: null,
      primaryFrom: null,
      second: null,
      secondFrom: null,
    },
    settle: row => settleCase(row, state),
  })
}

function settleCase(row: SettleRow<CaseRecord>, state: CasesState): CaseRecord {
  const { record } = row
  if (state.closed.has(record.caseNumber)) {
    row.clash('caseNumber', 'closedCase')
    return record
  }
  checkNumber(row, 'caseNumber', record.caseNumber, state)
  checkNumber(row, 'familyNumber', record.familyNumber, state)
  if (row.sound('receivedOn') && record.receivedOn > state.today) row.fault('receivedOn', 'inFuture')
  for (const one of record.measures) checkOrder(row, 'measures', one.startOn, one.endOn)
  const settled = {
    ...record,
    familyNumber: familyOf(row),
    team: row.sound('team') ? teamOf(row, state) : record.team,
    municipality: municipalityOf(row, 'municipality', record.municipality, state),
    measures: withKnownCodes(row, 'measures', record.measures, 'measure', state.measures),
    factors: withKnownCodes(
      row,
      'factors',
      record.factors.map(factor => ({ factor })),
      'factor',
      state.factors,
    ).map(one => one.factor),
    competences: settleNeeds(row, state),
  }
  const needs = row.before === null && !row.cell('competences') ? usualOf(settled, state) : {}
  return settleSeats(row, state, { ...settled, ...needs, ...workersOf(row, state) })
}

/** A new case of which the file says nothing gets what its measures and factors usually need; "geen" says that it needs nothing. */
function usualOf({ measures, factors }: CaseRecord, { rules }: CasesState): Pick<CaseRecord, 'competences'> {
  const work = { measures: measures.map(one => one.measure), factors }
  return { competences: usualNeeds(rules, work).map(need => ({ ...need, seat: null })) }
}

function teamOf(row: SettleRow<CaseRecord>, state: CasesState): string {
  const { record, before } = row
  const known = found(state.teams, record.team)
  if (!known?.value) {
    refuseTeam(row, 'team', state.teams)
    return record.team
  }
  if (before !== null && before.team !== known.name && state.inOpenRound.has(record.caseNumber)) {
    row.clash('team', 'inOpenRound')
  }
  return known.name
}

/** The list with its codes as the catalogue writes them; each code once. */
function withKnownCodes<T extends Record<K, string>, K extends string>(
  row: SettleRow<CaseRecord>,
  field: keyof CaseRecord & string,
  entries: readonly T[],
  key: K,
  catalogue: ReadonlyMap<string, unknown>,
): T[] {
  const seen = new Set<string>()
  return entries.map(one => {
    const known = knownCode(row, field, one[key], catalogue)
    if (known === null) return one
    if (seen.has(known.name)) row.fault(field, 'doublePart', {}, one[key])
    seen.add(known.name)
    return { ...one, [key]: known.name }
  })
}

/** Competences with their codes as the catalogue writes them; each once for both seats of a pair, or once for each seat. */
function settleNeeds(row: SettleRow<CaseRecord>, state: CasesState): StoredNeed[] {
  const settled: StoredNeed[] = []
  for (const one of row.record.competences) {
    const known = knownCode(row, 'competences', one.competence, state.competences)
    const need = { ...one, competence: known?.name ?? one.competence }
    if (settled.some(other => overlap(other, need)))
      row.fault('competences', 'doublePart', {}, one.competence)
    if (known && need.level > known.value) {
      row.fault('competences', 'levelTooHigh', { most: known.value }, one.competence)
    }
    settled.push(need)
  }
  const ofSeats = new Set(settled.filter(need => need.seat !== null).map(need => need.competence))
  if (row.sound('duoNeeded', 'factors') && ofSeats.size > 0 && !duoOf(row.record, state)) {
    // Without that column it is the pair that the file takes away.
    const field = row.has('competences') ? 'competences' : row.has('duoNeeded') ? 'duoNeeded' : 'factors'
    row.clash(field, 'seatWithoutDuo', { competences: [...ofSeats].join(', ') })
  }
  return settled
}

/** The family as it is spelled already. */
function familyOf({ record, before }: SettleRow<CaseRecord>): string | null {
  const held = before?.familyNumber ?? null
  if (held === null || record.familyNumber === null) return record.familyNumber
  return comparable(held) === comparable(record.familyNumber) ? held : record.familyNumber
}

/** The workers whom the row names, by their numbers as they are spelled. */
function workersOf(
  row: SettleRow<CaseRecord>,
  state: CasesState,
): Pick<CaseRecord, 'formerWorkers' | 'primary' | 'second'> {
  const { formerWorkers, primary, second } = row.record
  const spelled = (number: string) => found(state.workers, number)?.name ?? number
  const seen = new Set<string>()
  const settled = formerWorkers.map(one => ({ ...one, staffNumber: spelled(one.staffNumber) }))
  for (const [index, { staffNumber }] of settled.entries()) {
    const part = formerWorkers[index]!.staffNumber
    const had = row.before?.formerWorkers.some(one => one.staffNumber === staffNumber)
    if (!had && !state.workers.has(staffNumber)) row.fault('formerWorkers', 'unknownWorker', {}, part)
    if (seen.has(staffNumber)) row.fault('formerWorkers', 'doublePart', {}, part)
    seen.add(staffNumber)
  }
  return {
    formerWorkers: settled,
    primary: primary === null ? null : spelled(primary),
    second: second === null ? null : spelled(second),
  }
}

import type { Executor } from '../../db/database.ts'
import { dayText } from '../../solver/problem/sentences.ts'
import type { Locale } from '../contract/common.ts'
import type { OwnHistory } from '../contract/own.ts'
import type { CorrectionSubject, OwnRequest } from '../contract/requests.ts'
import type { BothLanguages } from '../http/call.ts'
import { requestRows } from '../requests/queries.ts'

type Entry = OwnHistory['entries'][number]

const SHOWN = 500
const DECISIONS: Record<string, BothLanguages> = {
  agreed: { nl: 'kreeg je zoals voorgesteld', en: 'was given to you as proposed' },
  deviation: {
    nl: 'kreeg je, anders dan voorgesteld',
    en: 'was given to you, other than proposed',
  },
  emergency: { nl: 'kreeg je met spoed, buiten een ronde', en: 'was given to you as an emergency' },
  tailored: { nl: 'kreeg je op maat, buiten een ronde', en: 'was given to you as tailored work' },
}
const SECOND: BothLanguages = { nl: ' (tweede plek)', en: ' (second seat)' }
const OUTCOMES: Record<OwnRequest['status'], BothLanguages> = {
  open: { nl: 'gevraagd', en: 'asked' },
  granted: { nl: 'toegekend', en: 'granted' },
  declined: { nl: 'afgewezen', en: 'declined' },
  withdrawn: { nl: 'ingetrokken', en: 'withdrawn' },
}
export const SUBJECTS: Record<CorrectionSubject, BothLanguages> = {
  contractHours: { nl: 'contracturen', en: 'contract hours' },
  dutyHours: { nl: 'taakuren', en: 'duty hours' },
  reductions: { nl: 'verminderingen', en: 'reductions' },
  absences: { nl: 'afwezigheid', en: 'absences' },
  competences: { nl: 'competenties', en: 'competences' },
  registration: { nl: 'registratie', en: 'registration' },
  baseMunicipality: { nl: 'standplaats', en: 'base municipality' },
  cases: { nl: 'mijn zaken', en: 'my cases' },
  other: { nl: 'iets anders', en: 'something else' },
}

/** Decisions about a worker, the own requests with their answers, wishes and estimates: newest first, at most 500. */
export async function ownHistory(
  db: Executor,
  own: { workerId: number; userId: number },
  locale: Locale,
): Promise<OwnHistory> {
  const entries = [
    ...(await decisions(db, own.workerId, locale)),
    ...(await answers(db, own.workerId, locale)),
    ...(await requests(db, own.workerId, locale)),
    ...(await wishes(db, own.workerId, locale)),
    ...(await estimates(db, own.userId, locale)),
  ]
  entries.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  return { entries: entries.slice(0, SHOWN) }
}

const WITHDRAWN: BothLanguages = { nl: '; later ingetrokken', en: '; withdrawn later' }

async function decisions(db: Executor, workerId: number, locale: Locale): Promise<Entry[]> {
  const rows = await db
    .selectFrom('decision as d')
    .innerJoin('caseFile as c', 'c.id', 'd.caseId')
    .leftJoin('allocation as a', 'a.decisionId', 'd.id')
    .leftJoin('userAccount as u', 'u.id', 'd.decidedBy')
    .leftJoin('overrideReason as o', 'o.code', 'd.reasonCode')
    .where('d.workerId', '=', workerId)
    .select([
      'c.caseNumber',
      'd.seat',
      'd.kind',
      'a.startsOn',
      'd.decidedAt',
      'd.withdrawnAt',
      'd.reasonText',
      'u.name as by',
      locale === 'nl' ? 'o.nameNl as reasonName' : 'o.nameEn as reasonName',
    ])
    .orderBy('d.id', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.map(row => {
    const what = `${(DECISIONS[row.kind] ?? DECISIONS.agreed!)[locale]}${row.seat === 'second' ? SECOND[locale] : ''}`
    const start =
      row.startsOn === null
        ? ''
        : { nl: `, vanaf ${dayText(row.startsOn, 'nl')}`, en: `, from ${dayText(row.startsOn, 'en')}` }[
            locale
          ]
    const end = row.withdrawnAt === null ? '' : WITHDRAWN[locale]
    return {
      at: row.decidedAt.toISOString(),
      kind: 'decision',
      caseNumber: row.caseNumber,
      sentence: {
        nl: `Zaak ${row.caseNumber} ${what}${start}${end}.`,
        en: `Case ${row.caseNumber} ${what}${start}${end}.`,
      }[locale],
      reason: [row.reasonName, row.reasonText].filter(Boolean).join(': ') || null,
      by: row.by,
    }
  })
}

const ANSWERS: Record<'agree' | 'discuss' | 'object', BothLanguages> = {
  agree: { nl: 'was je akkoord', en: 'you agreed' },
  discuss: { nl: 'wilde je overleg', en: 'you wanted a discussion' },
  object: { nl: 'had je een bezwaar', en: 'you objected' },
}

/** What this worker said to proposals that were shown before they were settled. */
async function answers(db: Executor, workerId: number, locale: Locale): Promise<Entry[]> {
  const rows = await db
    .selectFrom('answer as a')
    .innerJoin('shareLine as l', 'l.id', 'a.shareLineId')
    .innerJoin('caseFile as c', 'c.id', 'l.caseId')
    .where('l.workerId', '=', workerId)
    .select(['c.caseNumber', 'a.kind', 'a.reasonText', 'a.answeredAt'])
    .orderBy('a.id', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.map(row => {
    const said = ANSWERS[row.kind][locale]
    return {
      at: row.answeredAt.toISOString(),
      kind: 'answer',
      caseNumber: row.caseNumber,
      sentence: {
        nl: `Bij het voorstel voor zaak ${row.caseNumber} ${said}.`,
        en: `On the proposal for case ${row.caseNumber} ${said}.`,
      }[locale],
      reason: row.reasonText,
      by: null,
    }
  })
}

async function requests(db: Executor, workerId: number, locale: Locale): Promise<Entry[]> {
  const rows = await requestRows(db, { workerId, limit: SHOWN })
  return rows.flatMap(({ request }) => {
    const subject = requestSubject(request)[locale]
    const asked: Entry = {
      at: request.createdAt,
      kind: 'request',
      caseNumber: request.caseNumber,
      sentence: requestSentence(request)[locale],
      reason: request.text,
      by: null,
    }
    if (request.answeredAt === null) return [asked]
    const outcome = OUTCOMES[request.status][locale]
    // Asked and answered at the same moment: the answer came later.
    return [
      {
        at: request.answeredAt,
        kind: 'answer',
        caseNumber: request.caseNumber,
        sentence: {
          nl: `Je verzoek (${subject}) is ${outcome}.`,
          en: `Your request (${subject}) was ${outcome}.`,
        }[locale],
        reason: request.answer,
        by: request.answeredBy,
      },
      asked,
    ]
  })
}

/** What somebody asked: "Je vroeg verlof aan: 50 %, 3 maart 2031 t/m …". */
function requestSentence(request: OwnRequest): BothLanguages {
  if (request.kind === 'absence' || request.kind === 'reduction') {
    const what = {
      absence: { nl: 'verlof', en: 'leave' },
      reduction: { nl: 'een vermindering', en: 'a reduction' },
    }[request.kind]
    return {
      nl: `Je vroeg ${what.nl} aan: ${howMuchAndWhen(request, 'nl')}.`,
      en: `You asked for ${what.en}: ${howMuchAndWhen(request, 'en')}.`,
    }
  }
  const { nl, en } = requestSubject(request)
  return { nl: `Je vroeg om een ${nl}.`, en: `You asked for a ${en}.` }
}

/** "50 %, 2 keer, 3 maart 2031 t/m 30 april 2031". */
function howMuchAndWhen(request: OwnRequest, locale: Locale): string {
  const { validFrom, validUntil, periods, percentage, kind } = request
  const period = [validFrom, validUntil]
    .filter(day => day !== null)
    .map(day => dayText(day, locale))
    .join(locale === 'nl' ? ' t/m ' : ' to ')
  const often = kind === 'absence' && periods?.length
  const times = often ? `${often} ${locale === 'nl' ? 'keer' : 'times'}, ` : ''
  return `${percentage}${locale === 'nl' ? ' %' : '%'}, ${times}${period}`
}

/** What a request is about, in a few words. */
export function requestSubject(request: OwnRequest): BothLanguages {
  const { kind, caseNumber, subject } = request
  if (kind === 'absence') {
    return { nl: `verlof, ${howMuchAndWhen(request, 'nl')}`, en: `leave, ${howMuchAndWhen(request, 'en')}` }
  }
  if (kind === 'reduction') {
    return {
      nl: `vermindering, ${howMuchAndWhen(request, 'nl')}`,
      en: `reduction, ${howMuchAndWhen(request, 'en')}`,
    }
  }
  if (kind === 'weight') {
    return { nl: `andere zwaarte voor zaak ${caseNumber}`, en: `different weight for case ${caseNumber}` }
  }
  const name = SUBJECTS[(subject ?? 'other') as CorrectionSubject] ?? SUBJECTS.other
  return { nl: `verbetering van ${name.nl}`, en: `correction of ${name.en}` }
}

async function wishes(db: Executor, workerId: number, locale: Locale): Promise<Entry[]> {
  const rows = await db
    .selectFrom('wishStatement')
    .select(['statedAt', 'wishes'])
    .where('workerId', '=', workerId)
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.map(row => {
    const n = row.wishes.length
    return {
      at: row.statedAt.toISOString(),
      kind: 'wishes',
      caseNumber: null,
      sentence: {
        nl: `Je gaf ${n} ${n === 1 ? 'voorkeur' : 'voorkeuren'} op.`,
        en: `You stated ${n} ${n === 1 ? 'preference' : 'preferences'}.`,
      }[locale],
      reason: null,
      by: null,
    }
  })
}

async function estimates(db: Executor, userId: number, locale: Locale): Promise<Entry[]> {
  const rows = await db
    .selectFrom('estimateVoice as v')
    .innerJoin('estimate as e', 'e.id', 'v.estimateId')
    .innerJoin('caseFile as c', 'c.id', 'e.caseId')
    .where('v.userId', '=', userId)
    .where('v.givenAt', 'is not', null)
    .select(['c.caseNumber', 'v.hours', 'v.note', 'v.givenAt', 'e.status', 'e.agreedHours'])
    .orderBy('v.givenAt', 'desc')
    .limit(SHOWN)
    .execute()
  const hours = (value: number | null) =>
    (value ?? 0).toLocaleString(locale === 'nl' ? 'nl-NL' : 'en-GB', { maximumFractionDigits: 2 })
  return rows.map(row => {
    const agreed =
      row.agreedHours === null
        ? ''
        : {
            nl: `, het werd ${hours(row.agreedHours)} uur`,
            en: `, it became ${hours(row.agreedHours)} hours`,
          }[locale]
    return {
      at: row.givenAt!.toISOString(),
      kind: 'estimate',
      caseNumber: row.caseNumber,
      sentence: {
        nl: `Je schatte zaak ${row.caseNumber} op ${hours(row.hours)} uur per week${agreed}.`,
        en: `You estimated case ${row.caseNumber} at ${hours(row.hours)} hours per week${agreed}.`,
      }[locale],
      reason: row.note,
      by: null,
    }
  })
}

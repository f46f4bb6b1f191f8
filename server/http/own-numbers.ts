import type { Executor } from '../../db/database.ts'
import { isDay } from '../contract/days.ts'
import type { NumberForms } from '../contract/numbers.ts'
import type { BothLanguages } from './call.ts'
import { type OwnNumber, passesElevenTest } from './free-text.ts'

/** How the numbers of this organisation look; null: in no form of its own. */
export async function numberFormsOf(db: Executor, organisationId: number): Promise<NumberForms> {
  const row = await db
    .selectFrom('organisation')
    .select(['caseNumberForm', 'familyNumberForm', 'staffNumberForm'])
    .where('id', '=', organisationId)
    .executeTakeFirst()
  return {
    caseNumber: row?.caseNumberForm ?? null,
    familyNumber: row?.familyNumberForm ?? null,
    staffNumber: row?.staffNumberForm ?? null,
  }
}

/** Whether cases of these teams have this family number; that of another team is as one that nobody has. */
export async function isFamilyNumber(
  db: Executor,
  teamIds: readonly number[],
  familyNumber: string,
): Promise<boolean> {
  if (teamIds.length === 0) return false
  const row = await db
    .selectFrom('family as f')
    .innerJoin('caseFile as c', 'c.familyId', 'f.id')
    .select('f.id')
    .where('c.teamId', 'in', teamIds)
    .where('f.familyNumber', '=', familyNumber)
    .executeTakeFirst()
  return row !== undefined
}

const SIGNS: Record<string, string> = { '#': '\\d', '@': '[A-Za-z]', '*': '[A-Za-z0-9]' }

/** Whether a number has a form ('Z-####|V####'): # a digit, @ a letter, * either, all else itself in any case. */
export function fitsForm(form: string, number: string): boolean {
  return form.split('|').some(one => {
    const pattern = [...one].map(sign => SIGNS[sign] ?? sign.replace(/[.-]/, '\\$&')).join('')
    return new RegExp(`^${pattern}$`, 'i').test(number)
  })
}

/** Pieces of text that are case numbers of this organisation, and so nobody's personal number. */
export function ownNumbers({ caseNumber }: NumberForms): OwnNumber {
  return piece => caseNumber !== null && fitsForm(caseNumber, piece)
}

/** Words that say what is numbered, not who. */
const KINDS =
  /^(?:zaak|zaken|case|casus|dossier|gezin|gezinnen|familie|family|jeugd|medewerker|personeel|staff|worker|team|regio|nummer|number)$/i
const DATES =
  /(?<!\d)(?:(\d{2})([-._]?)(\d{2})\2((?:19|20)\d{2})|((?:19|20)\d{2})([-._]?)(\d{2})\6(\d{2}))(?!\d)/g
const YEARLY = /^(?:19|20)\d\d[-._]\d{3,6}$/

export type NumberFlaw = 'notOwnForm' | 'looksLikeCitizenNumber' | 'looksLikeBirthDate'

/**
 * Why a number that somebody typed cannot be that of a case, a family or a worker; null when it can. What fits the form of the
 * organisation is fine; where there is none, it holds no citizen service number or birth date.
 */
export function numberFlaw(number: string, form: string | null, today: string): NumberFlaw | null {
  if (form !== null) return fitsForm(form, number) ? null : 'notOwnForm'
  const chains = number.match(/\d+(?:[-._]\d+)*/g) ?? []
  const isCitizen = chains.some(
    chain =>
      (passesElevenTest(chain.replace(/\D/g, '')) && !YEARLY.test(chain)) ||
      chain.split(/\D/).some(group => passesElevenTest(group)),
  )
  if (isCitizen) return 'looksLikeCitizenNumber'
  return holdsBirthDate(number, today) ? 'looksLikeBirthDate' : null
}

export function numberSentence(flaw: NumberFlaw, form: string | null): BothLanguages {
  if (flaw === 'looksLikeCitizenNumber') {
    return {
      nl: 'Dit lijkt op een BSN. Gebruik een nummer van je organisatie.',
      en: 'This looks like a citizen service number. Use a number of your organisation.',
    }
  }
  if (flaw === 'looksLikeBirthDate') {
    return {
      nl: 'Dit lijkt op een geboortedatum. Gebruik een nummer van je organisatie.',
      en: 'This looks like a birth date. Use a number of your organisation.',
    }
  }
  const forms = (form ?? '').split('|')
  return {
    nl: `Een nummer van je organisatie ziet er zo uit: ${forms.join(' of ')} (# is een cijfer, @ een letter, * een van beide).`,
    en: `A number of your organisation looks like this: ${forms.join(' or ')} (# is a digit, @ a letter, * either).`,
  }
}

/** Organisations number by year and month too, so beside no name a date that begins with this year or the last one is none. */
function holdsBirthDate(number: string, today: string): boolean {
  const hasName = number
    .split(/[^A-Za-z]+/)
    .some(word => word.length >= 3 && !KINDS.test(word) && (word.length >= 6 || /[a-z]/.test(word)))
  return [...number.matchAll(DATES)].some(found => {
    const [, day = found[8], sign = found[6], month = found[7], year = found[5]] = found
    const date = `${year}-${month}-${day}`
    const isPast = isDay(date) && date <= today
    if (!isPast || hasName) return isPast
    if (found[4] !== undefined) return true
    return sign !== '' && Number(year) < Number(today.slice(0, 4)) - 1
  })
}

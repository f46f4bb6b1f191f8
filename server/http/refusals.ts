import { isDatabaseError, shouldRunAgain } from '../events/run-again.ts'
import { type BothLanguages, Refusal } from './call.ts'

/** What the database refuses, by the name of its constraint: the last word, after the checks of the handlers. */
const BY_CONSTRAINT = {
  one_question_per_seat: [
    409,
    {
      nl: 'Voor deze plek van de zaak is al goedkeuring gevraagd. Wacht op het antwoord bij Goedkeuringen.',
      en: 'Approval has already been requested for this seat of the case. Wait for the answer under Approvals.',
    },
  ],
  one_worker_per_seat: [
    409,
    {
      nl: 'Deze zaak heeft in die periode al een jeugdbeschermer op deze plek. Bekijk de zaak opnieuw.',
      en: 'Somebody already has this seat of the case in that period. Look at the case again.',
    },
  ],
  duo_is_two_people: [
    422,
    {
      nl: 'Een duo bestaat uit twee verschillende jeugdbeschermers. Kies een ander voor een van de twee plekken.',
      en: 'A duo consists of two different workers. Choose somebody else for one of the two seats.',
    },
  ],
  allocation_within_hard_limit: [
    422,
    {
      nl: 'Hiermee komt de jeugdbeschermer boven de harde grens. Daarvoor is een apart besluit nodig van iemand met dat recht.',
      en: 'This puts the worker above the hard limit. That needs a separate decision by somebody with that right.',
    },
  ],
  case_in_one_open_round: [
    409,
    {
      nl: 'Een van deze zaken zit al in een andere open verdeelronde. Haal die zaak eruit of wacht op die ronde.',
      en: 'One of these cases is already in another open round. Leave it out or wait for that round.',
    },
  ],
  one_run_at_a_time: [
    409,
    {
      nl: 'Deze ronde wordt al berekend. Wacht op de uitkomst of stop de berekening.',
      en: 'This round is already being calculated. Wait for the result or stop it.',
    },
  ],
  one_proposal_per_run: [
    409,
    { nl: 'Deze berekening heeft al een voorstel.', en: 'This calculation already has a proposal.' },
  ],
  one_decision_per_seat: [
    409,
    {
      nl: 'Over deze plek is in deze ronde al besloten. Bekijk het resultaat van de ronde.',
      en: 'This seat has already been decided in this round. View the result of the round.',
    },
  ],
  one_standing_choice: [
    409,
    {
      nl: 'Voor deze plek staat al een keuze. Maak die eerst ongedaan.',
      en: 'There is already a choice for this seat. Undo it first.',
    },
  ],
  worker_staff_number_once: [
    409,
    {
      nl: 'Er is al een medewerker met dit personeelsnummer.',
      en: 'There is already a worker with this staff number.',
    },
  ],
  case_file_number_once: [
    409,
    { nl: 'Er is al een zaak met dit zaaknummer.', en: 'There is already a case with this case number.' },
  ],
  worker_staff_number_alike: [
    409,
    {
      nl: 'Er is al een medewerker met dit personeelsnummer. Hoofdletters, spaties en onzichtbare tekens maken geen verschil.',
      en: 'There is already a worker with this staff number. Capitals, spaces and invisible characters make no difference.',
    },
  ],
  case_file_number_alike: [
    409,
    {
      nl: 'Er is al een zaak met dit zaaknummer. Hoofdletters, spaties en onzichtbare tekens maken geen verschil.',
      en: 'There is already a case with this case number. Capitals, spaces and invisible characters make no difference.',
    },
  ],
  team_name_alike: [
    409,
    {
      nl: 'Er is al een team met deze naam. Hoofdletters, spaties en onzichtbare tekens maken geen verschil.',
      en: 'There is already a team with this name. Capitals, spaces and invisible characters make no difference.',
    },
  ],
  team_goes_on: [
    409,
    {
      nl: 'Dit team is beëindigd of samengevoegd. Kies een ander team.',
      en: 'This team was ended or merged. Choose another team.',
    },
  ],
  import_file_once: [
    409,
    {
      nl: 'Precies dit bestand is al ingelezen. Er is niets gewijzigd.',
      en: 'Exactly this file has been imported before. Nothing was changed.',
    },
  ],
  user_account_email_once: [
    409,
    {
      nl: 'Er is al een gebruiker met dit e-mailadres.',
      en: 'There is already a user with this e-mail address.',
    },
  ],
  user_account_worker_once: [
    409,
    { nl: 'Deze medewerker heeft al een account.', en: 'This worker already has an account.' },
  ],
  user_role_once: [
    422,
    { nl: 'Een rol staat er twee keer in. Haal er een weg.', en: 'A role is listed twice. Remove one.' },
  ],
  user_role_scope: [
    422,
    {
      nl: 'Bij de rollen instroomteam en teamleider hoort een team; bij de andere rollen niet.',
      en: 'The intake team and team lead roles need a team; the other roles have none.',
    },
  ],
  municipality_name_key: [
    409,
    { nl: 'Er is al een gemeente met deze naam.', en: 'There is already a municipality with this name.' },
  ],
  team_organisation_id_name_key: [
    409,
    { nl: 'Er is al een team met deze naam.', en: 'There is already a team with this name.' },
  ],
  case_file_override_needs_reason: [
    422,
    { nl: 'Geef een reden bij deze zwaarte.', en: 'Give a reason for this weight.' },
  ],
  decision_deviation_has_reason: [
    422,
    { nl: 'Geef een reden bij dit besluit.', en: 'Give a reason for this decision.' },
  ],
  one_open_weight_request: [
    409,
    {
      nl: 'Je hebt over de zwaarte van deze zaak al een vraag open staan. Wacht op het antwoord of trek die vraag in.',
      en: 'You already have an open question about the weight of this case. Wait for the answer or withdraw it.',
    },
  ],
  one_open_estimate: [
    409,
    {
      nl: 'Deze zaak wordt al samen geschat. Rond dat eerst af.',
      en: 'This case is already being estimated together. Finish that first.',
    },
  ],
  event_is_final: [
    409,
    { nl: 'De historie kan niet worden gewijzigd.', en: 'The history cannot be changed.' },
  ],
} satisfies Record<string, [status: number, text: BothLanguages]>

const BY_ORDER: BothLanguages = {
  nl: 'Een einddatum ligt voor de begindatum. Controleer de datums.',
  en: 'An end date is before its start date. Check the dates.',
}
const GENERAL: BothLanguages = {
  nl: 'Deze gegevens passen niet bij elkaar of verwijzen naar iets wat niet bestaat. Controleer ze en probeer het opnieuw.',
  en: 'These data do not go together, or refer to something that does not exist. Check them and try again.',
}
const NO_SUCH_DAY: BothLanguages = {
  nl: 'Een van de datums kan niet. Controleer de jaartallen.',
  en: 'One of the dates is not possible. Check the years.',
}
const BUSY: BothLanguages = {
  nl: 'Iemand anders wijzigt dit op dit moment. Probeer het zo opnieuw.',
  en: 'Somebody else is changing this at the moment. Try again shortly.',
}
const AWAY: BothLanguages = {
  nl: 'De database is even niet bereikbaar. Er is niets gewijzigd; probeer het zo opnieuw.',
  en: 'The database is out of reach for a moment. Nothing was changed; try again shortly.',
}

/** What a constraint says, for a handler that finds the same before the database does. */
export function constraintRefusal(name: keyof typeof BY_CONSTRAINT): {
  status: number
  text: BothLanguages
} {
  const [status, text] = BY_CONSTRAINT[name]
  return { status, text }
}

/** What an error of the database means for the reader; null when it is a fault of ours. Never the text of the SQL. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  if (isLostConnection(error)) return new Refusal(503, AWAY)
  if (!isDatabaseError(error)) return null
  if (isKnown(error.constraint)) {
    const { status, text } = constraintRefusal(error.constraint)
    return new Refusal(status, text)
  }
  if (error.constraint?.endsWith('_order')) return new Refusal(422, BY_ORDER)
  // Not null (23502) is a field that a handler forgot: a fault of ours.
  if (error.code.startsWith('23') && error.code !== '23502') return new Refusal(422, GENERAL)
  // The year 0000 is a date to others, and not to PostgreSQL.
  if (error.code === '22007' || error.code === '22008') return new Refusal(422, NO_SUCH_DAY)
  if (error.code === '55P03' || shouldRunAgain(error)) return new Refusal(503, BUSY)
  if (/^(08|57P)/.test(error.code)) return new Refusal(503, AWAY)
  return null
}

function isKnown(constraint: string | undefined): constraint is keyof typeof BY_CONSTRAINT {
  return constraint !== undefined && constraint in BY_CONSTRAINT
}

function isLostConnection(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined
  return (
    code === 'ECONNREFUSED' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/.test(
      error.message,
    )
  )
}

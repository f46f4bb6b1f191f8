import { dayText } from '../../solver/problem/sentences.ts'
import type { WaitTask } from '../contract/choices.ts'
import type { Locale } from '../contract/common.ts'
import type { SignalKind } from '../contract/signals.ts'
import type { BothLanguages } from '../http/call.ts'

export interface SignalFacts {
  name?: string
  caseNumber?: string
  day?: string
  load?: number
  percentage?: number
  cases?: number
  past?: boolean
  request?: string
  task?: WaitTask
  term?: 'firstContact' | 'plan'
  why?: 'away' | 'noNorm'
}

const TASKS: Record<WaitTask, BothLanguages> = {
  requestData: { nl: 'gegevens opvragen', en: 'ask for data' },
  findRoom: { nl: 'ruimte zoeken met de teamleider', en: 'find room with the team lead' },
  findCompetence: { nl: 'deskundigheid zoeken', en: 'find expertise' },
  askOtherTeam: { nl: 'een ander team vragen', en: 'ask another team' },
  consult: { nl: 'een gedragswetenschapper raadplegen', en: 'consult a behavioural specialist' },
}

const REQUESTS: Record<string, BothLanguages> = {
  absence: { nl: 'vroeg verlof aan', en: 'asked for leave' },
  reduction: { nl: 'vroeg een vermindering aan', en: 'asked for a reduction' },
  correction: { nl: 'vroeg om gegevens te verbeteren', en: 'asked to have data corrected' },
  weight: { nl: 'vroeg om een andere zwaarte van een zaak', en: 'asked for another weight of a case' },
}

/** What is the matter, in one sentence. Names and numbers only: no causes, no free text. */
export function signalSentence(kind: SignalKind, facts: SignalFacts, locale: Locale): string {
  const { name = '', caseNumber = '', cases = 0 } = facts
  const on = facts.day === undefined ? '' : dayText(facts.day, locale)
  const percent = (value: number) =>
    `${value.toLocaleString(locale === 'nl' ? 'nl-NL' : 'en-GB', { maximumFractionDigits: 1 })}\u00a0%`
  const nl = locale === 'nl'
  switch (kind) {
    case 'longAboveNorm': {
      const load = percent((facts.load ?? 0) * 100)
      return nl
        ? `${name} zit al vier weken of langer boven de norm, nu op ${load}.`
        : `${name} has been above target for four weeks or longer, now at ${load}.`
    }
    case 'reductionEnds': {
      const share = percent(facts.percentage ?? 0)
      return nl
        ? `De vermindering van ${name} (${share}) loopt af op ${on}. Daarna telt ${name} weer meer uren mee.`
        : `The reduction of ${name} (${share}) ends on ${on}. After that ${name} counts for more hours again.`
    }
    case 'caseWithoutOwner':
      return nl
        ? `Zaak ${caseNumber} heeft sinds ${on} geen jeugdbeschermer meer.`
        : `Case ${caseNumber} has had no worker since ${on}.`
    case 'secondOpen':
      return nl
        ? `Zaak ${caseNumber} is een duo en heeft alleen ${name}, vanaf ${on}. De tweede plek is open.`
        : `Case ${caseNumber} is a duo and has only ${name}, from ${on}. The second seat is open.`
    case 'objectionOpen':
      return nl
        ? `${name} heeft bezwaar bij zaak ${caseNumber}; het team heeft nog niet geantwoord.`
        : `${name} objects to case ${caseNumber}; the team has not answered yet.`
    case 'requestOpen': {
      const request = REQUESTS[facts.request ?? '']?.[locale] ?? ''
      return nl
        ? `${name} ${request} en wacht sinds ${on} op antwoord.`
        : `${name} ${request} and has been waiting for an answer since ${on}.`
    }
    case 'caseReview':
      return nl
        ? `Zaak ${caseNumber} wacht nog. Het team wilde de zaak op ${on} opnieuw bekijken.`
        : `Case ${caseNumber} is still waiting. The team wanted to review it again on ${on}.`
    case 'taskOpen': {
      const task = facts.task ? TASKS[facts.task][locale] : ''
      return nl ? `Zaak ${caseNumber} wacht. Te doen: ${task}.` : `Case ${caseNumber} waits. To do: ${task}.`
    }
    case 'phaseDue':
      return nl
        ? `${name}: ${cases} ${cases === 1 ? 'zaak is' : 'zaken zijn'} al langer dan twee weken toe aan een volgende fase, de eerste sinds ${on}.`
        : `${name}: ${cases} ${cases === 1 ? 'case has' : 'cases have'} been due for the next phase for more than two weeks, the first since ${on}.`
    case 'dormantAsked':
      return nl
        ? `Voorgesteld om zaak ${caseNumber} te laten sluimeren vanaf ${on}; er is nog geen antwoord.`
        : `It was proposed to make case ${caseNumber} dormant from ${on}; there is no answer yet.`
    case 'dormantReview':
      if (facts.past) {
        return nl
          ? `Zaak ${caseNumber} telt sinds ${on} weer helemaal mee. Bekijk of dat klopt.`
          : `Case ${caseNumber} has counted in full again since ${on}. Check whether that is right.`
      }
      return nl
        ? `Zaak ${caseNumber} sluimert tot ${on} en telt daarna weer helemaal mee.`
        : `Case ${caseNumber} is dormant until ${on} and counts in full again after that.`
    case 'oldData':
      if (caseNumber !== '') {
        return nl
          ? `Zaak ${caseNumber} loopt door, maar de maatregel eindigde op ${on}. Sluit de zaak af of verleng de maatregel.`
          : `Case ${caseNumber} is still open, but its measure ended on ${on}. Close the case or extend the measure.`
      }
      return nl
        ? `De registratie van ${name} liep af op ${on}. Werk de registratie bij.`
        : `The registration of ${name} expired on ${on}. Update it.`
    case 'termOverdue': {
      if (facts.term === 'plan') {
        return nl
          ? `Het plan van aanpak van zaak ${caseNumber} moest er uiterlijk ${on} zijn; niemand legde vast dat het er is.`
          : `The plan of action of case ${caseNumber} was due by ${on}; nobody has recorded that it is there.`
      }
      return nl
        ? `Het eerste contact van zaak ${caseNumber} moest er uiterlijk ${on} zijn; niemand legde vast dat het gelegd is.`
        : `The first contact of case ${caseNumber} was due by ${on}; nobody has recorded that it was made.`
    }
    case 'holderAway': {
      const count = nl
        ? `${cases} ${cases === 1 ? 'zaak' : 'zaken'} zonder vervanger`
        : `${cases} ${cases === 1 ? 'case' : 'cases'} without cover`
      if (facts.why === 'noNorm') {
        return nl
          ? `${name} heeft geen normuren, wel ${count}.`
          : `${name} has no norm hours, yet has ${count}.`
      }
      return nl
        ? `${name} is sinds ${on} afwezig en heeft ${count}.`
        : `${name} has been away since ${on} and has ${count}.`
    }
    case 'workerLeaves': {
      const count = nl
        ? `${cases} ${cases === 1 ? 'zaak' : 'zaken'}`
        : `${cases} ${cases === 1 ? 'case' : 'cases'}`
      if (facts.past) {
        return nl
          ? `${name} is sinds ${on} uit dienst en heeft nog ${count}.`
          : `${name} left on ${on} and still has ${count}.`
      }
      return nl
        ? `${name} gaat op ${on} uit dienst en heeft nog ${count} die doorlopen.`
        : `${name} leaves on ${on} and still has ${count} that continue.`
    }
  }
}

import { dayText } from '../../solver/problem/sentences.ts'
import { rules } from '../../solver/rules/rules.ts'
import type { ChoiceInput } from '../contract/choices.ts'
import type { Locale, ReasonUse } from '../contract/common.ts'
import { addDays } from '../contract/days.ts'
import { type BothLanguages, Refusal } from '../http/call.ts'

/** A case that was left waiting without a day is looked at again after two weeks. */
export const REVIEW_DAYS = 14
/** Nobody looks further ahead: what should hold longer is an exclusion for good, or a case that does not wait. */
const LONGEST_WAIT_DAYS = 366
const LONGEST_EXCLUSION_DAYS = 5 * 366

export interface ReasonRule {
  code: string
  needsText: boolean
  uses: readonly ReasonUse[]
}

/** What a choice is held against: the reasons of the list, what they are asked for (left out: by the kind of the choice), today, and the day on which the round starts. */
export interface Form {
  reasons: readonly ReasonRule[]
  use?: ReasonUse
  today: string
  startOn: string
}

/**
 * Judges the form of a choice, before its rules: does it name a worker where it must, a reason of the list with text where the
 * reason asks for it, and days that can be. Throws a 422 that names the fields, each with `path`
 * before it.
 */
export function requireMotive(input: ChoiceInput, form: Form, locale: Locale, path = ''): void {
  const errors: { field: string; message: string }[] = []
  const wrong = (field: string, text: BothLanguages) =>
    errors.push({ field: `${path}${field}`, message: text[locale] })
  if ((input.kind === 'wait') !== (input.staffNumber === null)) {
    wrong('staffNumber', {
      nl: input.kind === 'wait' ? 'Bij wachten hoort geen medewerker.' : 'Kies een medewerker.',
      en: input.kind === 'wait' ? 'A wait names no worker.' : 'Choose a worker.',
    })
  }
  const reason = form.reasons.find(one => one.code === input.reasonCode)
  if (input.reasonCode === null && (input.kind !== 'lock' || input.setAside.length > 0)) {
    wrong('reasonCode', { nl: 'Kies een reden.', en: 'Choose a reason.' })
  }
  if (input.reasonCode !== null && !reason) {
    wrong('reasonCode', {
      nl: `De reden ${input.reasonCode} staat niet in de lijst.`,
      en: `The reason ${input.reasonCode} is not in the list.`,
    })
  }
  const use = form.use ?? USE_OF[input.kind]
  if (reason && !reason.uses.includes(use)) wrong('reasonCode', DOES_NOT_FIT[use])
  if (reason?.needsText && !input.reasonText?.trim()) {
    wrong('reasonText', {
      nl: 'Geef bij deze reden een toelichting.',
      en: 'This reason needs an explanation.',
    })
  }
  for (const rule of input.setAside) {
    if (!rules.some(one => one.code === rule && one.setAside === 'motive')) {
      wrong('setAside', {
        nl: `De regel ${rule} laat geen afwijking toe, ook niet met een motivering.`,
        en: `The rule ${rule} allows no deviation, not even with a justification.`,
      })
    }
  }
  for (const [field, text] of wrongDays(input, form)) wrong(field, text)
  if (errors.length > 0) {
    throw new Refusal(
      422,
      {
        nl: 'Deze keuze mist nog iets. Vul aan wat er staat.',
        en: 'Something is missing in this choice. Complete what is listed.',
      },
      { errors },
    )
  }
}

const USE_OF: Record<ChoiceInput['kind'], ReasonUse> = {
  lock: 'override',
  override: 'override',
  wait: 'wait',
  exclude: 'exclude',
}
const DOES_NOT_FIT: Record<ReasonUse, BothLanguages> = {
  override: {
    nl: 'Deze reden is niet bedoeld voor een andere medewerker. Kies een reden die past.',
    en: 'This reason is not meant for another worker. Choose one that fits.',
  },
  wait: {
    nl: 'Deze reden is niet bedoeld voor wachten. Kies een reden die past.',
    en: 'This reason is not meant for waiting. Choose one that fits.',
  },
  exclude: {
    nl: 'Deze reden is niet bedoeld voor een uitsluiting. Kies een reden die past.',
    en: 'This reason is not meant for an exclusion. Choose one that fits.',
  },
  handover: {
    nl: 'Deze reden is niet bedoeld voor een overdracht. Kies een reden die past.',
    en: 'This reason is not meant for a handover. Choose one that fits.',
  },
  outside: {
    nl: 'Deze reden is niet bedoeld voor toedelen buiten een ronde. Kies een reden die past.',
    en: 'This reason is not meant for allocating outside a round. Choose one that fits.',
  },
}

function wrongDays(input: ChoiceInput, { today, startOn }: Form): [field: string, text: BothLanguages][] {
  const found: [string, BothLanguages][] = []
  const foreign = (field: string, nl: string, en: string) =>
    found.push([field, { nl: `Dit hoort alleen bij ${nl}.`, en: `This belongs to ${en} only.` }])
  if (input.kind !== 'exclude') {
    if (input.lasts) foreign('lasts', 'een uitsluiting', 'an exclusion')
    if (input.untilOn) foreign('untilOn', 'een uitsluiting', 'an exclusion')
  } else if (input.lasts !== 'until') {
    if (input.untilOn) foreign('untilOn', 'een uitsluiting tot een dag', 'an exclusion until a day')
  } else {
    const last = addDays(today, LONGEST_EXCLUSION_DAYS)
    const { untilOn } = input
    if (!untilOn || untilOn <= startOn || untilOn <= today) {
      found.push([
        'untilOn',
        {
          nl: `Kies een dag na de start van de ronde (${dayText(startOn, 'nl')}).`,
          en: `Choose a day after the start of the round (${dayText(startOn, 'en')}).`,
        },
      ])
    } else if (untilOn > last) {
      found.push([
        'untilOn',
        {
          nl: `Kies een dag tot en met ${dayText(last, 'nl')}, of laat de uitsluiting altijd gelden.`,
          en: `Choose a day up to ${dayText(last, 'en')}, or let the exclusion apply always.`,
        },
      ])
    }
  }
  if (input.kind !== 'wait') {
    if (input.reviewOn) foreign('reviewOn', 'wachten', 'a wait')
    if (input.tasks && input.tasks.length > 0) foreign('tasks', 'wachten', 'a wait')
  } else if (input.reviewOn) {
    const last = addDays(today, LONGEST_WAIT_DAYS)
    if (input.reviewOn <= today || input.reviewOn > last) {
      found.push([
        'reviewOn',
        {
          nl: `Kies een dag na vandaag, tot en met ${dayText(last, 'nl')}.`,
          en: `Choose a day after today, up to ${dayText(last, 'en')}.`,
        },
      ])
    }
  }
  return found
}

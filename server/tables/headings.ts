import { comparable } from '../contract/names.ts'

/** A column of a file that has another name than ours: which of our columns it is, null when it is passed over. */
export interface HeadingChoice {
  heading: string
  column: string | null
}

/** The choices by heading, as `headingOf` compares them. */
export type HeadingChoices = ReadonlyMap<string, string | null>

/** Longer ones are compared by their beginning. */
const MAX_HEADING = 100

/** A heading as our columns are named: small letters, with underscores. */
export function headingOf(cell: string): string {
  return comparable(cell).replaceAll(' ', '_').slice(0, MAX_HEADING)
}

export const choicesOf = (choices: readonly HeadingChoice[]): HeadingChoices =>
  new Map(choices.map(one => [headingOf(one.heading), one.column]))

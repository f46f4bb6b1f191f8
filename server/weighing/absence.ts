import { lengthInDays } from '../contract/days.ts'

/** From so many days an absence is long: it lowers the norm, and who begins one soon goes away (both days included). */
export const LONG_ABSENCE_DAYS = 28

/**
 * Whether no case may start during an absence. One shorter than four weeks leaves the norm alone, so it blocks from half
 * the time upwards. A longer one lowers the norm by its own share; it blocks on its own only when it is whole.
 */
export function blocksStart(absence: {
  percentage: number
  validFrom: string
  validUntil: string | null
}): boolean {
  if (absence.percentage >= 100) return true
  return !isLongAbsence(absence) && absence.percentage >= 50
}

export function isLongAbsence({
  validFrom,
  validUntil,
}: {
  validFrom: string
  validUntil: string | null
}): boolean {
  return validUntil === null || lengthInDays(validFrom, validUntil) >= LONG_ABSENCE_DAYS
}

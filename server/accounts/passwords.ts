import { hash, verify } from '@node-rs/argon2'
import { inTurns } from '../in-turns.ts'

/** argon2id with the cost that OWASP names first: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** A flood of sign-ins must not take all memory and threads. */
const inTurn = inTurns(4)

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST))
}

/** A hash that no password has, of the same cost. */
let nobodysHash: Promise<string> | null = null

/** Takes as long for somebody who does not exist or has no password as for everybody else. */
export async function passwordFits(password: string, stored: string | null): Promise<boolean> {
  nobodysHash ??= hashPassword(crypto.randomUUID())
  const compareWith = stored ?? (await nobodysHash)
  const fits = await inTurn(() => verify(compareWith, password))
  return fits && stored !== null
}

/** Passwords that everybody tries first, and those that contain them, are no passwords. */
const COMMON = ['wachtwoord', 'password', 'qwertyuiop', '123456789', 'welkom', 'jeugdbescherming', 'instroom']

/** Long passwords that are still easy to guess: one character or a short piece repeated, or mostly a common word. */
export function isEasyToGuess(password: string, personal: readonly string[]): boolean {
  const plain = password.toLowerCase()
  if (new Set(plain).size < 5) return true
  if (/^(.{1,5})\1+.{0,4}$/.test(plain)) return true
  return [...COMMON, ...personal.map(text => text.toLowerCase()).filter(text => text.length >= 4)].some(
    word => plain.replaceAll(word, '').length < 6,
  )
}

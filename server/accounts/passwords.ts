import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { askThread } from '../event-loop/threads.ts'
import { type BothLanguages, tooMuch } from '../http/call.ts'
import type { Weakness } from './guessing.ts'
import type { Guessed } from './guessing-thread.ts'

/** argon2id with the cost that OWASP names first: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** A flood of sign-ins must not take all memory and threads. */
const inTurn = pLimit(4)

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

/** The word lists take a second to read and some 70 MB: they are there while a password is chosen, and then no more. */
const LIMITS = { limitMs: 20_000, memoryMb: 256 }
const oneByOne = pLimit(1)
const MAX_WAITING = 20
const BUSY: BothLanguages = {
  nl: 'Er kiezen nu veel mensen een wachtwoord. Wacht een minuut en probeer het opnieuw.',
  en: 'Many people are choosing a password right now. Wait a minute and try again.',
}
let waiting = 0

/** Why a new password is easy to guess for who knows its owner; null when it is not. */
export async function weaknessFor(password: string, personal: string[]): Promise<Weakness | null> {
  if (waiting >= MAX_WAITING) throw tooMuch(BUSY, 60)
  const question: Guessed = { password, personal }
  waiting++
  try {
    return await oneByOne(() => askThread<Guessed, Weakness | null>('guessing-thread', question, LIMITS))
  } finally {
    waiting--
  }
}

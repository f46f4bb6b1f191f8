import { Refusal, type SignedIn } from './call.ts'

/** The worker that this user is. 404 for an account that belongs to no worker. */
export function ownWorkerId(user: SignedIn): number {
  if (user.workerId !== null) return user.workerId
  throw new Refusal(404, {
    nl: 'Je account hoort nog niet bij een medewerker. Vraag de beheerder om je personeelsnummer bij je account te zetten.',
    en: 'Your account is not linked to a worker yet. Ask the administrator to add your staff number to your account.',
  })
}

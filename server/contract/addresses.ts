/**
 * Addresses of pages that the server tells people, in messages, mail and invitations. The page itself, and every other
 * address, is in web/shell/pages.ts.
 */
export const ADDRESSES = {
  invitation: '/uitnodiging/:token',
  case: '/zaken/:caseNumber',
  review: '/rondes/:id(\\d+)',
  answers: '/rondes/:id(\\d+)/antwoorden',
  roundRuns: '/rondes/:id(\\d+)/berekeningen',
  tradeOff: '/rondes/:id(\\d+)/afweging',
  approvals: '/goedkeuringen',
  reallocation: '/herverdelen',
  signals: '/signalen',
  pulse: '/draagvlak/vragen',
  requests: '/aanvragen',
  mine: '/mijn',
  myProposals: '/mijn/voorstellen',
  myLoad: '/mijn/werklast',
  rulebookVersion: '/beheer/regels/versies/:version(\\d+)',
  myHistory: '/mijn/historie',
  messages: '/berichten',
} as const

/** The address of a page with these values in place of its parameters, in their order. */
export function addressOf(page: keyof typeof ADDRESSES, ...values: string[]): string {
  const left = [...values]
  return ADDRESSES[page].replace(/:\w+(\([^)]*\))?/g, () => left.shift() ?? '')
}

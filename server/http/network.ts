import { normalizeIP } from '@fastify/rate-limit'

const LONGEST = 64

/**
 * Whose requests are counted together when nobody is signed in: an IPv4 address, however it is written, or a network of IPv6,
 * of which one household or server has them all.
 */
export function networkOf(address: string): string {
  return normalizeIP(address).slice(0, LONGEST)
}

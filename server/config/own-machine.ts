import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

const OWN = new BlockList()
OWN.addSubnet('127.0.0.0', 8, 'ipv4')
OWN.addAddress('::1', 'ipv6')

/** `localhost`, or an address of this machine in its usual form. A name that only looks like one is somebody's name. */
export function isLoopback(host: string): boolean {
  const family = isIP(host)
  if (family === 0) return host.toLowerCase() === 'localhost'
  return OWN.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/** What proxies and tunnels add: then whoever asks is elsewhere, whatever address they say. */
const PASSED_ON =
  /^(forwarded|via|x-forwarded(-.+)?|x-original-.+|x-real-ip|(x-|true-)?(cluster-)?client-ip|cf-connecting-ip)$/

/**
 * Whether the request comes from this machine itself, by a name of this machine, with nobody in between. A site that points
 * its own name at this machine does not pass for it.
 */
export function isFromThisMachine(request: FastifyRequest): boolean {
  if (Object.keys(request.headers).some(name => PASSED_ON.test(name))) return false
  return isLoopback(request.socket.remoteAddress ?? '') && isLoopback(hostName(request.headers.host ?? ''))
}

/** The name in a Host header without the port; empty when it is not written as one. */
function hostName(host: string): string {
  const [, address, name] = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::\d+)?$/.exec(host) ?? []
  if (address !== undefined) return isIP(address) === 6 ? address : ''
  return name ?? ''
}

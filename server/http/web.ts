import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { Refusal } from './call.ts'

/**
 * The built web application: files whose name holds the hash of their content stay in the browser for good, and every
 * other address is a page of the application. Never under /api: there an unknown address is an error.
 */
export async function serveWeb(app: FastifyInstance, directory: string | null): Promise<void> {
  if (directory !== null) {
    await app.register(fastifyStatic, {
      root: directory,
      index: false,
      cacheControl: false,
      wildcard: false,
      setHeaders: (response, path) => {
        const hashed = path.startsWith(join(directory, 'assets'))
        response.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler(async (request, reply) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') && !/^\/(api|assets)(\/|$)/.test(request.url)
    if (directory !== null && isPage) {
      return reply
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(createReadStream(join(directory, 'index.html')))
    }
    throw nothingThere()
  })
}

/** For the addresses under `app` that are none, with all that holds for those that are. */
export function refuseUnknown(app: FastifyInstance): void {
  app.setNotFoundHandler(async () => {
    throw nothingThere()
  })
}

function nothingThere(): Refusal {
  return new Refusal(404, { nl: 'Dit adres bestaat niet.', en: 'There is nothing at this address.' })
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { openDatabase } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { buildApp } from './app.ts'
import { readConfig } from './config/config.ts'
import { dayOf } from './contract/days.ts'
import { prepareDemo } from './demo/demo.ts'

export interface DevelopmentServer {
  handle(request: IncomingMessage, response: ServerResponse): void
  close(): Promise<void>
}

/** The server inside Vite's, on the demo organisation in ./data/dev: Vite serves the pages, this serves the rest. */
export async function startInside(address: URL): Promise<DevelopmentServer> {
  const config = readConfig(
    { DATA_DIR: './data/dev', ...process.env, PUBLIC_URL: address.href },
    { demo: true, built: new URL('.', import.meta.url) },
  )
  const open = await openDatabase(config.databaseUrl)
  await migrate(open)
  await prepareDemo(open, dayOf(new Date()))
  const app = await buildApp({ open, config: { ...config, webDirectory: null } })
  await app.ready()
  return {
    handle: (request, response) => app.routing(request, response),
    async close() {
      await app.close()
      await open.close()
    },
  }
}

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/**
 * A real Chromium: the one that CHROMIUM_PATH names, else an installed one, else the one inside the npm package.
 * Never none: a machine on which no browser starts fails the browser tests, it does not skip them.
 */
export async function launchBrowser(): Promise<Browser> {
  const path = process.env.CHROMIUM_PATH ?? installed.find(existsSync)
  if (path)
    return chromium.launch({
      executablePath: path,
      args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
    })
  // Tells the package to unpack the shared libraries that a bare machine lacks.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  // One process for everything, as the package would have it, makes the cookies of two people one.
  const args = packaged.args.filter(arg => arg !== '--single-process' && arg !== '--no-zygote')
  return chromium.launch({ executablePath: await packaged.executablePath(), args })
}

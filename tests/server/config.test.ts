import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../server/config/config.ts'

const read = (environment: Record<string, string>, demo = false) =>
  readConfig(environment, { demo, built: new URL('file:///srv/instroom/dist/server/') })

describe('settings from the environment', () => {
  it('need nothing on one machine', () => {
    const config = read({})
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 4310,
      databaseUrl: './data/instroom',
      listenUrl: './data/instroom',
      drainSeconds: 0,
      requestsPerMinute: { session: 3000, address: 3000 },
      demo: false,
    })
    expect(config.publicUrl.href).toBe('http://127.0.0.1:4310/')
    expect(read({}, true).databaseUrl).toBe('./data/demo')
  })

  it('find the built web beside the built server, and nothing where there is none', () => {
    expect(read({}).webDirectory).toBeNull()
    const dist = mkdtempSync(join(tmpdir(), 'instroom-dist-'))
    mkdirSync(join(dist, 'web'))
    writeFileSync(join(dist, 'web/index.html'), '')
    const built = pathToFileURL(join(dist, 'server/'))
    expect(readConfig({}, { demo: false, built }).webDirectory).toBe(join(dist, 'web/'))
    rmSync(dist, { recursive: true })
  })

  it.each([
    [{ PORT: 'x' }, 'PORT is "x"'],
    [{ PORT: '70000' }, 'PORT is "70000"'],
    [{ HOST: 'ergens' }, 'HOST is "ergens"'],
    [{ HOST: '0.0.0.0' }, 'give PUBLIC_URL'],
    [{ PUBLIC_URL: 'ftp://x' }, 'PUBLIC_URL is "ftp://x"'],
    [{ NODE_ENV: 'production', PUBLIC_URL: 'http://instroom.example' }, 'needs https'],
    [{ NODE_ENV: 'production', PUBLIC_URL: 'http://127.evil.example' }, 'needs https'],
    [{ NODE_ENV: 'production', PUBLIC_URL: 'http://localhost.' }, 'needs https'],
    [{ LOG_LEVEL: 'luid' }, 'LOG_LEVEL is "luid"'],
    [{ TRUSTED_PROXIES: '10.0.0.1,proxy' }, 'TRUSTED_PROXIES holds "proxy"'],
    [{ RATE_LIMIT_SESSION: '299' }, 'RATE_LIMIT_SESSION is "299"'],
    [{ RATE_LIMIT_ADDRESS: 'veel' }, 'RATE_LIMIT_ADDRESS is "veel"'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is "mysql://x"'],
  ])('are refused one by one, with what to give: %o', (environment, complaint) => {
    const text = (() => {
      try {
        read(environment as Record<string, string>)
        return ''
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(text).toContain(complaint)
    expect(text.match(/^(- )?[A-Z_]+ (is|holds)/gm)).toHaveLength(1)
  })

  it('let nobody on the network into the demo', () => {
    expect(() => read({ HOST: '0.0.0.0', PUBLIC_URL: 'http://demo.example' }, true)).toThrow('127.0.0.1 only')
    for (const address of ['https://demo.example', 'http://127.evil.example', 'http://localhost.'])
      expect(() => read({ PUBLIC_URL: address }, true)).toThrow('the demo is for this machine only')
    for (const address of [
      'http://localhost:4310',
      'http://127.0.0.1:1',
      'http://[::1]:1',
      'http://2130706433',
    ])
      expect(read({ PUBLIC_URL: address }, true).demo).toBe(true)
  })
})

import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const ADDRESS = new URL('http://localhost:5173')

/** `npm run dev`: the server runs inside Vite's, and starts anew when one of its own files changes. */
function serverInsideVite(): Plugin {
  const sources = ['server', 'db', 'solver'].map(name =>
    fileURLToPath(new URL(`./${name}/`, import.meta.url)),
  )
  return {
    name: 'instroom-server',
    apply: 'serve',
    async configureServer(vite) {
      if (process.env.VITEST) return
      const entry = fileURLToPath(new URL('./server/dev.ts', import.meta.url))
      const { startInside } = (await vite.ssrLoadModule(entry)) as typeof import('./server/dev.ts')
      const inside = await startInside(ADDRESS)
      vite.middlewares.use((request, response, next) => {
        if (/^\/(api|healthz|readyz)(\/|$|\?)/.test(request.url ?? '')) inside.handle(request, response)
        else next()
      })
      vite.watcher.add(sources)
      vite.watcher.on('change', file => {
        const inContract = file.includes('/server/contract/')
        if (!inContract && sources.some(source => file.startsWith(source))) void vite.restart()
      })
      const close = vite.close.bind(vite)
      vite.close = async () => {
        await inside.close()
        await close()
      }
    },
  }
}

export default defineConfig({
  root: 'web',
  plugins: [vue(), serverInsideVite()],
  server: { port: Number(ADDRESS.port), strictPort: true },
  builder: {},
  environments: {
    client: { build: { outDir: '../dist/web', emptyOutDir: true } },
    ssr: {
      build: {
        outDir: '../dist/server',
        emptyOutDir: true,
        ssr: true,
        target: 'node20',
        rollupOptions: {
          input: {
            main: 'server/main.ts',
            cli: 'server/cli.ts',
            'solver-thread': 'solver/thread/thread.ts',
            'guessing-thread': 'server/accounts/guessing-thread.ts',
          },
        },
      },
    },
  },
  test: {
    root: '.',
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A busy machine is no fault: what is waited for comes, or never does.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
})

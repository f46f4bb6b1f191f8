import { defineConfig } from 'vite'

const entries = ['solver', 'dashboards', 'gap']

/** The benches are built apart, so that what people run holds none of them: `npm run bench` and its kin. */
export default defineConfig({
  root: '.',
  build: {
    outDir: 'dist/bench',
    emptyOutDir: true,
    ssr: true,
    target: 'node20',
    rollupOptions: {
      input: {
        ...Object.fromEntries(entries.map(name => [name, `tests/bench/${name}.ts`])),
        'start-values': 'tests/bench/start-values/main.ts',
        'solver-thread': 'solver/thread/thread.ts',
      },
    },
  },
})

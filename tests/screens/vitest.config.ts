import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** What looks at the built product in a browser and writes down what it sees: `npm run vitals`, `npm run screens`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/screens/*.screen.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    disableConsoleIntercept: true,
  },
})

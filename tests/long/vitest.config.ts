import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** What takes minutes to hours: `npm run test:long`. FIRST, BLOCKS and the like are in tests/long/range.ts. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/long/**/*.long.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 24 * 3600_000,
    disableConsoleIntercept: true,
  },
})

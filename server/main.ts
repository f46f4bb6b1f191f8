import { readConfig } from './config/config.ts'
import { serve } from './serve.ts'

try {
  const demo = process.argv.includes('--demo')
  await serve(readConfig(process.env, { demo, built: new URL('.', import.meta.url) }))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

import type { RulebookContent } from '../contract/rulebook.ts'

declare module '../../db/stored.ts' {
  interface StoredJson {
    rulebook: RulebookContent
  }
}

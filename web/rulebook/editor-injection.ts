import { type InjectionKey, inject, type Ref } from 'vue'
import type { RulesDraft } from './rule-values.ts'

/** What the fields of the rulebook share while somebody writes the next version. */
export interface RulebookEditor {
  draft: Ref<RulesDraft>
  /** What is wrong with a field, in words; undefined when nothing is. */
  faultOf(field: string): string | undefined
  /** The field differs from the version in force. */
  isChanged(field: string): boolean
  set(field: string, value: unknown): void
}

export const RULEBOOK_EDITOR: InjectionKey<RulebookEditor> = Symbol('rulebook editor')

export function useRulebookEditor(): RulebookEditor {
  const editor = inject(RULEBOOK_EDITOR)
  if (!editor) throw new Error('A field of the rulebook stands outside the editor.')
  return editor
}

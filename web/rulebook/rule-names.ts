import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { RuleChange } from '../../server/contract/rulebook-changes.ts'
import { ruleNumberAt } from '../../server/contract/rulebook-limits.ts'
import { useCatalogues } from '../base/catalogues.ts'
import { number, percent } from '../base/format.ts'

/** How people call the places of a rulebook, and how its values are written. */
export function useRuleNames() {
  const { t, te } = useI18n()
  const catalogues = useCatalogues()
  const kindName = (kind: string, code: string) =>
    kind === 'measure' ? catalogues.measureName(code) : catalogues.factorName(code)

  /** The name of a place by names, such as `weight/bases/OTS/begin`. */
  function nameOf(place: string): string {
    const parts = place.split('/')
    const [first = '', second = '', third = '', fourth = ''] = parts
    if (first === 'weight' && second === 'bases')
      return t('rules.names.base', { measure: catalogues.measureName(third), phase: phase(fourth) })
    if (first === 'weight' && second === 'phaseWeeks')
      return t('rules.names.weeks', { measure: catalogues.measureName(third), phase: phase(fourth) })
    if (first === 'weight' && second === 'factors') return catalogues.factorName(third)
    if (first === 'criteria') return t('rules.names.criterion', { name: t(`admin.rules.criteria.${second}`) })
    if (first === 'profiles' && third === 'criteria')
      return t('rules.names.profile', { profile: second, what: t(`admin.rules.criteria.${fourth}`) })
    if (first === 'profiles' && second)
      return t('rules.names.profile', { profile: second, what: t(`rules.profile.${third || 'code'}`) })
    if (first === 'kindCaps' && second) {
      const [kind = '', code = second] = second.split(':')
      return t('admin.rules.extras.kindCap', { kind: kindName(kind, code) })
    }
    if (first === 'usualNeeds' && fourth) {
      const [kind = '', code = second] = second.split(':')
      const what = { of: kindName(kind, code), competence: catalogues.competenceName(fourth) }
      return t(parts[4] === 'level' ? 'rules.names.usualLevel' : 'rules.names.usual', what)
    }
    if (parts.length === 3 && te(`rules.steps.${first}.${third}`))
      return t('rules.names.step', { what: t(`rules.steps.${first}.${third}`), n: Number(second) + 1 })
    const key = `rules.fields.${parts.join('_')}`
    return te(key) ? t(key) : parts.join(' ')
  }
  const phase = (code: string) => (te(`workload.phases.${code}`) ? t(`workload.phases.${code}`) : code)

  /** One side of a change as people read it. */
  function shownValue(place: string, value: RuleChange['from']): string {
    if (value === null) return t('rules.nothing')
    if (typeof value === 'boolean') return t(value ? 'rules.yes' : 'rules.no')
    if (place.startsWith('usualNeeds/') && (value === 'required' || value === 'wanted'))
      return t(`cases.need.${value}`)
    if (typeof value === 'string') return `“${value}”`
    const unit = ruleNumberAt('', place.split('/'))?.unit ?? 'count'
    if (unit === 'share') return percent(value, digitsOf(value * 100))
    return `${number(value, digitsOf(value))}${t(`rules.units.${unit}`)}`
  }
  return computed(() => ({ nameOf, shownValue }))
}

const digitsOf = (value: number) => {
  const rounded = Math.round(value * 1000) / 1000
  if (Number.isInteger(rounded)) return 0
  return Number.isInteger(Math.round(rounded * 10_000) / 1000) ? 1 : 2
}

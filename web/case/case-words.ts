import { useI18n } from 'vue-i18n'
import type { CaseRow } from '../../server/contract/cases.ts'
import { useCatalogues } from '../base/catalogues.ts'
import { dayWithYear } from '../base/format.ts'
import type { CaseDraft } from './case-draft.ts'

const LABELS: Partial<Record<keyof CaseDraft, string>> = {
  teamId: 'team',
  receivedOn: 'received',
  formerWorkers: 'former',
}

/** Where a case stands, as people read it: a pair that misses its second worker is not called allocated. */
export function useStandingText() {
  const { t } = useI18n()
  return ({ status, secondOpen, primaryFrom }: Pick<CaseRow, 'status' | 'secondOpen' | 'primaryFrom'>) => {
    if (secondOpen) return t('cases.status.second_open')
    return status === 'later' && primaryFrom !== null
      ? t('cases.status.laterFrom', { day: dayWithYear(primaryFrom) })
      : t(`cases.status.${status}`)
  }
}

type AskedCompetence = Pick<Need, 'competence' | 'level'> & Partial<Pick<Need, 'seat'>>
type Need = CaseDraft['competences'][number]

/** A competence that a case asks, with its level and, where it is one seat of a pair that asks it, that seat. */
export function useNeedText() {
  const { t } = useI18n()
  const catalogues = useCatalogues()
  return ({ competence, level, seat = 'both' }: AskedCompetence): string => {
    const name = catalogues.competenceName(competence)
    return seat === 'both'
      ? t('cases.competence', { name, level })
      : t('cases.competenceFor', { name, level, seat: t(`cases.needFor.${seat}`) })
  }
}

/** The fields of a case and what stands in them, as people read them. */
export function useCaseWords(
  teams: () => { id: number; name: string }[],
  nameOf: (staffNumber: string) => string,
) {
  const { t } = useI18n()
  const catalogues = useCatalogues()
  const needText = useNeedText()
  const label = (field: string): string => {
    const [name = '', index, part = ''] = field.split('.')
    if (name === 'measures' && index) return t('cases.edit.measureN', { n: Number(index) + 1 })
    if (name === 'competences' && index && part) return t('cases.edit.competenceN', { n: Number(index) + 1 })
    return t(`cases.edit.${LABELS[name as keyof CaseDraft] ?? name}`)
  }
  /** A field of a draft as people read it. */
  function shown(one: CaseDraft, field: keyof CaseDraft): string {
    switch (field) {
      case 'teamId':
        return teams().find(team => team.id === one.teamId)?.name ?? String(one.teamId)
      case 'measures':
        return one.measures
          .map(row => [catalogues.measureName(row.measure), row.startOn, row.endOn].filter(Boolean).join(' '))
          .join(', ')
      case 'phase':
        return t(`cases.phase.${one.phase || 'unknown'}`)
      case 'factors':
        return one.factors.map(catalogues.factorName).join(', ') || t('cases.none')
      case 'methods':
        return one.methods.map(catalogues.methodName).join(', ') || t('cases.none')
      case 'urgency':
        return t(`cases.urgency.${one.urgency}`)
      case 'municipality':
        return one.municipality ? catalogues.municipalityName(one.municipality) : t('cases.unknown')
      case 'competences':
        return (
          one.competences.map(need => `${needText(need)} (${t(`cases.need.${need.need}`)})`).join('; ') ||
          t('cases.none')
        )
      case 'duoNeeded':
        return t(one.duoNeeded ? 'shell.yes' : 'shell.no')
      case 'formerWorkers':
        return one.formerWorkers.map(nameOf).join(', ') || t('cases.none')
      default:
        return one[field] || t('cases.unknown')
    }
  }

  return { label, shown }
}

import { estimatedMinutes, factors, municipalities, startRulebook } from '../rulebook/start-values.ts'
import { weigh } from '../weighing/weight.ts'
import type { DemoCase, DemoWorker } from './rows.ts'

/** Hands out case numbers by year of receipt, and family numbers. */
export interface Numberer {
  caseNumber(receivedOn: string): string
  familyNumber(): string
}

export function weightOf(one: DemoCase) {
  return weigh(
    {
      measures: one.measures.map(measure => measure.measure),
      phase: one.phase,
      children: one.children,
      factors: one.factors,
      duoNeeded: one.duoNeeded,
      threat: one.factors.some(factor => threats.has(factor)),
      override: null,
    },
    { version: 1, content: startRulebook },
  )
}

export function travelHours(worker: DemoWorker, one: DemoCase): number {
  const { overMinutes, hours } = startRulebook.weight.travel
  if (one.municipality === null) return 0
  const minutes = estimatedMinutes(place.get(worker.baseMunicipality)!, place.get(one.municipality)!)
  return minutes > overMinutes ? hours : 0
}

export const threats = new Set(factors.filter(one => one.isThreat).map(one => one.code))

export const place = new Map(municipalities.map(one => [one.code, one]))

import { describe, expect, test } from 'vitest'
import { checkProposal } from '../../solver/check/check.ts'
import { changeSentence } from '../../solver/explain/change-sentences.ts'
import { explainCase } from '../../solver/explain/explain.ts'
import { relaxationsFor } from '../../solver/explain/relaxations.ts'
import { applyChanges } from '../../solver/explain/what-if.ts'
import { solve } from '../../solver/solve.ts'
import { aCase, aProblem, aWorker } from '../support/problems.ts'

/** A pair of which the first seat needs one thing, and the second another that it also asks of the first at a lower level. */
const pair = aCase('Z1', {
  duo: true,
  hours: { primary: 2, second: 1 },
  competences: [
    { competence: 'divorce', level: 2, need: 'required', seat: 'primary' },
    { competence: 'lvb', level: 1, need: 'required', seat: 'second' },
    { competence: 'young', level: 1, need: 'wanted', seat: 'second' },
  ],
})
const knows = (id: string, ...codes: [string, number][]) =>
  aWorker(id, { competences: codes.map(([competence, level]) => ({ competence, level, expiresOn: null })) })
const problem = aProblem({
  cases: [pair],
  workers: [
    knows('M1', ['lvb', 2], ['young', 1]),
    knows('M2', ['divorce', 2]),
    knows('M3', ['divorce', 1], ['lvb', 1]),
  ],
})
const names = {
  competences: {
    divorce: { nl: 'Complexe scheiding', en: 'Complex divorce' },
    lvb: { nl: 'LVB', en: 'Mild intellectual disability' },
    young: { nl: 'Jong kind', en: 'Young child' },
  },
  work: {},
}

describe('what a case asks of one seat of a pair', () => {
  test('each seat goes to who has what it needs, and the reasons name the seat', async () => {
    const proposal = await solve(problem)
    expect(proposal.lines.map(line => [line.seat, line.workerId])).toEqual([
      ['primary', 'M2'],
      ['second', 'M1'],
    ])
    expect(checkProposal(problem, proposal)).toEqual([])

    const first = explainCase(problem, proposal, 'Z1', 'primary', names)
    expect(first.checklist.find(one => one.rule === 'competence')?.sentence.nl).toBe(
      'Heeft alle competenties die voor de eerste plek van het duo nodig zijn.',
    )
    expect(first.alternatives.find(one => one.workerId === 'M3')?.broken[0]?.sentence).toEqual({
      nl: 'Heeft de competentie Complexe scheiding op niveau 1. Voor de eerste plek van het duo is niveau 2 nodig.',
      en: 'Has the competence Complex divorce at level 1. The first seat of the duo requires level 2.',
    })
    const reason = (told: ReturnType<typeof explainCase>, workerId: string) =>
      told.alternatives
        .find(one => one.workerId === workerId)
        ?.contributions.find(one => one.criterion === 'competence')?.sentence.nl
    expect(reason(first, 'M2')).toBe('de eerste plek vraagt geen extra competentie')
    const second = explainCase(problem, proposal, 'Z1', 'second', names)
    expect(reason(second, 'M1')).toBe('heeft Jong kind, gewenst voor de tweede plek')
    expect(reason(second, 'M3')).toBe('mist Jong kind, gewenst voor de tweede plek')
  })

  test('what would place it asks less of that seat only', async () => {
    const without = { ...problem, workers: problem.workers.filter(worker => worker.id !== 'M2') }
    const proposal = await solve(without)
    expect(proposal.lines.map(line => line.workerId)).toEqual([null, null])
    const { relaxations } = await relaxationsFor(without, proposal, 'Z1', { codeNames: names })
    const relaxation = relaxations.find(one => one.kind === 'competenceWanted')
    expect(relaxation?.changes).toEqual([
      { kind: 'competenceWanted', caseId: 'Z1', competence: 'divorce', seat: 'primary' },
    ])
    expect(relaxation?.sentence.nl).toContain(
      'Maak de competentie Complexe scheiding voor de eerste plek gewenst',
    )
    expect(changeSentence(relaxation!.changes[0]!, id => id, names).nl).toBe(
      'Voor de eerste plek van zaak Z1 is Complexe scheiding gewenst in plaats van nodig.',
    )
  })

  test('a seat that does not require it cannot be asked less', () => {
    const change = {
      kind: 'competenceWanted',
      caseId: 'Z1',
      competence: 'divorce',
      seat: 'second',
    } as const
    expect(applyChanges(problem, [change])).toMatchObject({ errors: [{ field: 'competence' }] })
    const general = applyChanges(problem, [{ kind: 'competenceWanted', caseId: 'Z1', competence: 'divorce' }])
    expect('problem' in general && general.problem.cases[0]!.competences[0]).toMatchObject({
      need: 'wanted',
      seat: 'primary',
    })
  })
})

import type { CaseRow } from '../../server/contract/cases.ts'
import { call } from '../base/api.ts'

/** Every case of a list, page after page. */
export async function allCases(status: string): Promise<CaseRow[]> {
  const cases: CaseRow[] = []
  let after: string | null = null
  do {
    const query: { status: string; after?: string } = { status, ...(after !== null && { after }) }
    const page = await call('GET /cases', { query })
    cases.push(...page.cases)
    after = page.next
  } while (after !== null)
  return cases
}

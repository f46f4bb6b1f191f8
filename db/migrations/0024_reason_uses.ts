import { type Kysely, sql } from 'kysely'

/** What each reason of the start values fits, where an organisation has it already. A reason of its own fits everything until somebody says otherwise. */
const KNOWN: Record<string, readonly string[]> = {
  CONTINUITEIT: ['override', 'handover', 'outside'],
  DESKUNDIGHEID: ['override', 'handover', 'outside'],
  VERZOEK_MEDEWERKER: ['override', 'exclude', 'handover'],
  VERZOEK_GEZIN: ['override', 'exclude', 'handover', 'outside'],
  VEILIGHEID: ['override', 'exclude', 'handover'],
  BELANGEN: ['override', 'exclude', 'handover'],
  REISTIJD: ['override', 'handover', 'outside'],
  WERKDRUK: ['override', 'wait', 'handover'],
  INWERKEN: ['override', 'outside'],
  SAMENHANG: ['override', 'wait', 'handover', 'outside'],
  SPOED: ['outside'],
  GEGEVENS_ONJUIST: ['override', 'wait'],
}

const ADDED: readonly [code: string, nl: string, en: string, uses: readonly string[]][] = [
  [
    'AFSPRAAK',
    'Afspraak in het team',
    'Agreement in the team',
    ['override', 'wait', 'exclude', 'handover', 'outside'],
  ],
  ['GEGEVENS_ONTBREKEN', 'Er ontbreken nog gegevens', 'Data are still missing', ['wait']],
  ['GEEN_RUIMTE', 'Geen ruimte bij wie past', 'No room with who suits', ['wait']],
  ['DESKUNDIGHEID_ZOEKEN', 'Deskundigheid wordt nog gezocht', 'Expertise is still looked for', ['wait']],
  ['WERKLAST', 'Werklast beter verdelen', 'Dividing the load better', ['handover']],
  ['VERTREK', 'De medewerker vertrekt of is lang weg', 'The worker leaves or is away for long', ['handover']],
]

/** Reasons fit what they are asked for: another worker, a wait, an exclusion, a handover, a case outside a round. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table override_reason add column uses text[] not null
    default array['override', 'wait', 'exclude', 'handover', 'outside']
    constraint reason_fits_something check (cardinality(uses) > 0
      and uses <@ array['override', 'wait', 'exclude', 'handover', 'outside'])`.execute(db)
  for (const [code, uses] of Object.entries(KNOWN)) {
    await sql`update override_reason set uses = ${[...uses]}::text[] where code = ${code}`.execute(db)
  }
  // A new database gets these with its start values.
  for (const [code, nl, en, uses] of ADDED) {
    await sql`insert into override_reason (code, name_nl, name_en, uses)
      select ${code}::text, ${nl}::text, ${en}::text, ${[...uses]}::text[] where exists (select from override_reason)
      on conflict (code) do nothing`.execute(db)
  }
}

import type { Migration } from 'kysely'
import * as firstRound from './0001_first_round.ts'
import * as signInAttempts from './0002_sign_in_attempts.ts'
import * as whatIf from './0003_what_if.ts'
import * as settling from './0004_settling.ts'
import * as ownWishes from './0005_own_wishes.ts'
import * as history from './0006_history.ts'
import * as choices from './0007_choices.ts'
import * as phases from './0008_phases.ts'
import * as rulebook from './0009_rulebook.ts'
import * as firstLook from './0010_first_look.ts'
import * as runSummary from './0011_run_summary.ts'
import * as indexes from './0012_indexes.ts'
import * as seats from './0013_seats.ts'
import * as reallocation from './0014_reallocation.ts'
import * as standing from './0015_standing.ts'
import * as judgedOverTime from './0016_judged_over_time.ts'
import * as ownNumbers from './0017_own_numbers.ts'
import * as comparedNames from './0018_compared_names.ts'
import * as pulseCounts from './0019_pulse_counts.ts'
import * as returnedRuns from './0021_returned_runs.ts'
import * as approvalFigure from './0022_approval_figure.ts'
import * as wishesKept from './0023_wishes_kept.ts'
import * as reasonUses from './0024_reason_uses.ts'
import * as outsideApprovals from './0025_outside_approvals.ts'
import * as requestPeriods from './0026_request_periods.ts'
import * as importHeadings from './0027_import_headings.ts'
import * as lapsedQuestions from './0028_lapsed_questions.ts'
import * as knownDevices from './0029_known_devices.ts'
import * as correctedNumbers from './0030_corrected_numbers.ts'
import * as ownAgreement from './0031_own_agreement.ts'
import * as ownAccount from './0033_own_account.ts'
import * as endedTeams from './0034_ended_teams.ts'

/** In order of their names; a migration that has shipped never changes. */
export const migrations: Record<string, Migration> = {
  '0001_first_round': firstRound,
  '0002_sign_in_attempts': signInAttempts,
  '0003_what_if': whatIf,
  '0004_settling': settling,
  '0005_own_wishes': ownWishes,
  '0006_history': history,
  '0007_choices': choices,
  '0008_phases': phases,
  '0009_rulebook': rulebook,
  '0010_first_look': firstLook,
  '0011_run_summary': runSummary,
  '0012_indexes': indexes,
  '0013_seats': seats,
  '0014_reallocation': reallocation,
  '0015_standing': standing,
  '0016_judged_over_time': judgedOverTime,
  '0017_own_numbers': ownNumbers,
  '0018_compared_names': comparedNames,
  '0019_pulse_counts': pulseCounts,
  '0021_returned_runs': returnedRuns,
  '0022_approval_figure': approvalFigure,
  '0023_wishes_kept': wishesKept,
  '0024_reason_uses': reasonUses,
  '0025_outside_approvals': outsideApprovals,
  '0026_request_periods': requestPeriods,
  '0027_import_headings': importHeadings,
  '0028_lapsed_questions': lapsedQuestions,
  '0029_known_devices': knownDevices,
  '0030_corrected_numbers': correctedNumbers,
  '0031_own_agreement': ownAgreement,
  '0033_own_account': ownAccount,
  '0034_ended_teams': endedTeams,
}

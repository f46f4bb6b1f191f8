import type { Sharing } from '../contract/sharing.ts'
import { lineKey, rulingAbout } from '../draft/lines.ts'
import { lockRound } from '../draft/rounds.ts'
import { asksOf } from '../draft/shares.ts'
import { readState } from '../draft/state.ts'
import { append, sealMotives } from '../events/events.ts'
import { teamOf } from '../events/record.ts'
import { type Call, Refusal } from '../http/call.ts'
import { tell } from '../messages/write.ts'
import { sharingView } from './view.ts'

/**
 * The team decides about lines that their workers did not agree to. Each line names the state that the person saw; when it is
 * another by now, for instance because the worker has just answered, nothing is recorded (409). Throws 422 while a term runs.
 */
export async function rule(call: Call<'POST /rounds/:id/rulings'>): Promise<Sharing> {
  const { db: tx, user, body, today, now } = call
  const round = await lockRound(tx, user, call.params.id, null, { action: 'round.choose', everyTeam: false })
  const state = await readState(tx, round, today)
  const before = await sharingView(tx, round, state, now)
  const all = new Map(
    [...before.lines, ...before.earlier].map(line => [
      lineKey({ ...line, staffNumber: line.worker.staffNumber }),
      line,
    ]),
  )
  const asks = new Map((await asksOf(tx, round.id)).map(ask => [lineKey(ask), ask]))
  const reasonText = body.reasonText.trim()
  if (reasonText === '') {
    throw new Refusal(
      422,
      { nl: 'Geef een motivering.', en: 'Give a justification.' },
      {
        errors: [
          {
            field: 'reasonText',
            message: call.locale === 'nl' ? 'Geef een motivering.' : 'Give a justification.',
          },
        ],
      },
    )
  }
  for (const line of body.lines) {
    const there = all.get(lineKey(line))
    if (!there || there.state !== line.state) {
      throw new Refusal(409, {
        nl: `Bij zaak ${line.caseNumber} is intussen iets gewijzigd. Bekijk de antwoorden opnieuw.`,
        en: `Something changed about case ${line.caseNumber} in the meantime. View the answers again.`,
      })
    }
    const about = rulingAbout(there.state)
    if (about === null) {
      throw new Refusal(422, {
        nl:
          there.state === 'waiting'
            ? `De termijn voor zaak ${line.caseNumber} loopt nog. Wacht op het antwoord of op het einde van de termijn.`
            : `Over zaak ${line.caseNumber} valt niets te besluiten.`,
        en:
          there.state === 'waiting'
            ? `The term for case ${line.caseNumber} still runs. Wait for the answer or for its end.`
            : `There is nothing to decide about case ${line.caseNumber}.`,
      })
    }
    const { salt, hashes } = sealMotives({ reasonText, unregisteredReason: null })
    const ask = asks.get(lineKey(line))
    // Somebody who was asked may have left the round since.
    const caseId = ask?.caseId ?? state.now.caseIds.get(line.caseNumber)
    const workerId = ask?.workerId ?? state.now.workerIds.get(line.staffNumber)
    if (caseId === undefined || workerId === undefined) throw new Error(`No row for ${lineKey(line)}.`)
    await tx
      .insertInto('ruling')
      .values({
        roundId: round.id,
        caseId,
        seat: line.seat,
        workerId,
        about,
        answerId: ask?.answer?.id ?? null,
        reasonText,
        salt,
        decidedBy: user.id,
        decidedAt: now,
      })
      .execute()
    append(tx, {
      type: `ruling.${about}`,
      actor: user,
      organisationId: round.organisationId,
      teamId: teamOf(round),
      objectType: 'round',
      objectId: String(round.id),
      data: {
        case: line.caseNumber,
        seat: line.seat,
        worker: line.staffNumber,
        reasonSha256: hashes.reasonSha256,
      },
      at: now,
    })
    if (about !== 'unasked') {
      await tell(tx, {
        organisationId: round.organisationId,
        workerIds: [workerId],
        kind: 'answer.ruled',
        data: { round: round.id, case: line.caseNumber },
        at: now,
      })
    }
  }
  return sharingView(tx, round, await readState(tx, round, today), now)
}

/** Retries or drops a parked event, for the command line and the console. */
import { recordIn } from '../audit-trail/writer.ts';
import type { Actor } from '../core/identity.ts';
import type { Database } from '../db/database.ts';
import { admit, drop, rawOf, retryFailed, type Parked } from '../events/inbox/parked-store.ts';
import { toEvent, unreadableReason } from '../events/intake/read-event.ts';
import { readOne } from '../events/intake/upstream-feed.ts';
import { strictJson } from '../http/strict-json.ts';

/** Returns undefined when the entry was handled, else why it was not. */
export type ParkedAct = (db: Database, parked: Parked, actor: Actor) => Promise<string | undefined>;

export const retryParked: ParkedAct = (db, parked, actor) =>
  db.transaction(async (tx) => {
    if (parked.kind === 'failed') await retryFailed(tx, parked.id);
    else {
      const raw = await rawOf(tx, parked.id);
      const { event, problem } = read(raw, parked.source);
      if (!event) return problem;
      await admit(tx, parked, event);
    }
    await recordIn(tx, audit(actor, parked));
    return undefined;
  });

export const dropParked: ParkedAct = (db, parked, actor) =>
  db.transaction(async (tx) => {
    await drop(tx, parked);
    await recordIn(tx, audit(actor, parked));
    return undefined;
  });

const audit = (actor: Actor, { id, kind, reason }: Parked) => ({
  actor,
  outcome: 'succeeded' as const,
  details: { event_id: id, kind, reason },
});

/** Reads it again with the rules of its source. */
function read(raw: Buffer | undefined, source: string) {
  if (!raw || raw.length === 0) return { problem: 'its content was not stored' };
  try {
    if (source === 'webhook') return { event: toEvent(strictJson(raw).value) };
    const one = readOne(JSON.parse(raw.toString('utf8')));
    if ('created_at' in one) return { event: one };
    return { problem: `is still unreadable: ${one.reason}` };
  } catch (error) {
    return { problem: `is still unreadable: ${unreadableReason(error)}` };
  }
}

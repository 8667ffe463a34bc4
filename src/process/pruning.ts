import type { Logger } from 'pino';
import type { Task } from '../core/repeating-task.ts';
import type { Database } from '../db/database.ts';
import { inTurn } from '../db/turn.ts';
import { createIdempotencyStore } from '../idempotency/store.ts';
import { createOwnedStore } from '../pass-through/forwarding/store.ts';
import { prunePoints } from '../rate-limits/store.ts';
import { createSsoStore } from '../sso/codes/store.ts';

export type StartTask = (name: string, everyMs: number, work: () => Promise<unknown>) => Task;

const HOURLY_MS = 3_600_000;
/** The shortest pause of an hourly task: as long as that, what one process has pruned needs no other. */
const TURN_SECONDS = 2_700;

/** Deletes expired rows once an hour, whichever process comes first. A gateway does so too, while no worker runs. */
export function startPruning(
  { db, logger }: { readonly db: Database; readonly logger: Logger },
  start: StartTask,
): Task[] {
  const prune = (what: string, work: () => Promise<unknown>): Task => {
    const name = `prune ${what}`;
    return start(name, HOURLY_MS, () => inTurn(db, { name, seconds: TURN_SECONDS }, work));
  };
  return [
    prune('idempotency keys', () => createIdempotencyStore(db).prune()),
    prune('owned objects', async () => {
      for (const object of await createOwnedStore(db).prune())
        logger.warn(object, 'an object may have been made at WorkOS that belongs to no client');
    }),
    prune('spent codes', () => createSsoStore(db).prune()),
    prune('rate limits', () => prunePoints(db)),
  ];
}

/** Measures in the background the work that waits in the database, so that no scrape asks Postgres. */
import { startRepeatingTask, type Task } from '../core/repeating-task.ts';
import { backlogOf } from '../events/inbox/store.ts';
import { createMailStore } from '../portal/stores/mail-store.ts';
import { countTenants } from '../tenants/registry/count-store.ts';
import type { Shell } from './shell.ts';

const WATCH_MS = 10_000;

export const watchEvents = ({ db, metrics, isReady, ...watch }: Shell): Task =>
  startRepeatingTask('watch events', WATCH_MS, watch, async () => {
    if (isReady()) metrics.backlogSeen(await backlogOf(db));
  });

export const watchMails = ({ db, metrics, isReady, ...watch }: Shell): Task =>
  startRepeatingTask('watch mails', WATCH_MS, watch, async () => {
    if (isReady()) metrics.mailsWaiting.set(await createMailStore(db).waiting());
  });

const COUNT_MS = 60_000;

/** Only the leader counts, because the statement reads more with each tenant. */
export const watchTenants = (
  { db, metrics, isReady, ...watch }: Shell,
  leading: () => boolean,
): Task =>
  startRepeatingTask('count tenants', COUNT_MS, watch, async () => {
    if (isReady()) metrics.tenantsCounted(leading() ? await countTenants(db) : undefined);
  });

import { startRepeatingTask, type Task, type TaskWatch } from '../core/repeating-task.ts';
import type { Database } from '../db/database.ts';
import { explainDatabase } from '../db/explain.ts';
import { healthOf } from '../db/health.ts';
import { createLogThrottle } from '../core/log-throttle.ts';
import type { Metrics } from './metrics/metrics.ts';

const WATCH_MS = 10_000;

interface WatchDeps extends TaskWatch {
  readonly db: Pick<Database, 'ping' | 'probe'>;
  readonly metrics: Pick<Metrics, 'databaseSeen'>;
  /** Until then, the start waits for the database and says so. */
  readonly isReady: () => boolean;
  /** Host and port of the database, for the log. */
  readonly host: string;
  /** Called with a line for each thing that an operator must mend while the process serves. */
  readonly onNotes: (notes: readonly string[]) => void;
}

/** Measures the database for the metrics, so that a scrape never has to ask it. */
export function watchDatabase({ db, metrics, isReady, host, onNotes, ...watch }: WatchDeps): Task {
  let failures = 0;
  const throttle = createLogThrottle((cause) => {
    watch.logger.error(
      { database: host, cause },
      'Postgres cannot be used, so requests are answered with 503',
    );
  });
  const lackThrottle = createLogThrottle((lacking) => {
    watch.logger.error(
      { database: host, lacking },
      'the role of DATABASE_URL lacks privileges, so requests that need them get a 503; run "gatehouse migrate"',
    );
  });
  const noteLacking = (privileges: readonly string[]): void => {
    const lacking = privileges.join(', ');
    const note = `database: the role lacks privileges on ${lacking}; run "gatehouse migrate"`;
    onNotes(lacking === '' ? [] : [note]);
    if (lacking === '') lackThrottle.reset();
    else lackThrottle.say(lacking);
  };
  const failed = (error: unknown): undefined => {
    failures += 1;
    // Once may be a short interruption, for which nobody is woken.
    if (failures > 1 && isReady()) throttle.say(explainDatabase(error));
  };
  const task = startRepeatingTask('watch the database', WATCH_MS, watch, async () => {
    const health = await healthOf(db).catch(failed);
    metrics.databaseSeen(health);
    if (!health) return;
    if (failures > 1) watch.logger.info({ database: host }, 'Postgres can be used again');
    failures = 0;
    throttle.reset();
    // The migrations that the database lacks bring their privileges.
    if (health.pendingMigrations === 0) noteLacking(health.lackingPrivileges);
  });
  task.wake();
  return task;
}

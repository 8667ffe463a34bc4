import { startRepeatingTask, type Task, type TaskWatch } from '../core/repeating-task.ts';
import type { Database } from '../db/database.ts';
import { healthOf } from '../db/health.ts';
import type { Metrics } from './metrics/metrics.ts';

const WATCH_MS = 10_000;

interface WatchDeps extends TaskWatch {
  readonly db: Pick<Database, 'ping' | 'probe'>;
  readonly metrics: Pick<Metrics, 'databaseSeen'>;
}

/** Measures the database for the metrics, so that a scrape never has to ask it. */
export function watchDatabase({ db, metrics, ...watch }: WatchDeps): Task {
  const task = startRepeatingTask('watch the database', WATCH_MS, watch, async () => {
    // The failure is logged by those who need the database.
    metrics.databaseSeen(await healthOf(db).catch(() => undefined));
  });
  task.wake();
  return task;
}

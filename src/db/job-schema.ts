import type pg from 'pg';
import { QUIET } from './jobs.ts';

/** Every queue there is, and how long a job may be under way before it is given out again. */
const QUEUES = { deliveries: { expireInSeconds: 60 } } as const;

/** The library must not drop jobs by itself: only our code completes a job or gives it up. */
const PATIENT = { retryLimit: 1_000_000, retentionSeconds: 60 * 86_400 };

/**
 * Brings the job library's own tables up to date, as their owner. To be called under our lock. A
 * later release of the library may build indexes in the background of its migrations: then they
 * have to be waited for here.
 */
export async function installJobs(client: pg.Client): Promise<void> {
  // Loaded here: who serves looks at our migrations, and never runs the library's.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    ...QUIET,
    db: { executeSql: (text, values) => client.query(text, values) },
    supervise: false,
  });
  boss.on('error', () => undefined);
  await boss.start();
  for (const [name, own] of Object.entries(QUEUES)) {
    const options = { ...PATIENT, ...own };
    const queue = await boss.getQueue(name);
    if (queue === null) await boss.createQueue(name, options);
    else if (!hasOptions(queue, options)) await boss.updateQueue(name, options);
  }
  await boss.stop({ graceful: false });
}

/** A queue that is as it should be is not written to: the service reads it all the time. */
const hasOptions = <T extends object>(queue: T, options: Partial<T>): boolean =>
  Object.entries(options).every(([name, value]) => queue[name as keyof T] === value);

import type pg from 'pg';
import { JOB_INDEXES, JOB_SCHEMA, TAKE_DUE_FUNCTION } from './job-statements.ts';
import { QUIET } from './jobs.ts';
import type { Report } from './migration-run.ts';

/** All queues, and how long a job may run before it is handed out again. */
const QUEUES = { deliveries: { expireInSeconds: 60 } } as const;

/** The library must not drop jobs on its own: only our code completes or abandons a job. */
const KEEP_JOBS = { retryLimit: 1_000_000, retentionSeconds: 60 * 86_400 };

/**
 * Creates or updates the job library's tables, as their owner. Call it while holding the migration lock.
 * A function of a later release stays. If a later release of the library builds indexes in the background, this must wait for them.
 */
export async function installJobs(
  client: pg.Client,
  { isAhead, report }: { readonly isAhead: boolean; readonly report: Report },
): Promise<void> {
  // Loaded here, because a serving process imports this file's neighbours but never migrates the library.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    ...QUIET,
    db: { executeSql: (text, values) => client.query(text, values) },
    supervise: false,
  });
  boss.on('error', () => undefined);
  await boss.start();
  for (const [name, own] of Object.entries(QUEUES)) {
    const options = { ...KEEP_JOBS, ...own };
    const queue = await boss.getQueue(name);
    if (queue === null) await boss.createQueue(name, options);
    else if (!hasOptions(queue, options)) await boss.updateQueue(name, options);
  }
  await boss.stop({ graceful: false });
  if (!isAhead) await client.query(TAKE_DUE_FUNCTION);
  for (const [name, definition] of Object.entries(JOB_INDEXES))
    await buildIndex(client, name, definition, report);
}

/** Builds an index of our own on the library's table, while jobs are added and taken. */
async function buildIndex(
  client: pg.Client,
  name: string,
  definition: string,
  report: Report,
): Promise<void> {
  const { rows } = await client.query<{ valid: boolean }>(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    [`${JOB_SCHEMA}.${name}`],
  );
  if (rows[0]?.valid) return;
  // An interrupted build leaves an invalid index, which is never used.
  if (rows[0]) await client.query(`drop index concurrently ${JOB_SCHEMA}.${name}`);
  report({ what: 'building an index', index: name });
  await client.query(`create index concurrently ${name} on ${JOB_SCHEMA}.job_common ${definition}`);
}

/** An unchanged queue is not updated, because the service reads it all the time. */
const hasOptions = <T extends object>(queue: T, options: Partial<T>): boolean =>
  Object.entries(options).every(([name, value]) => queue[name as keyof T] === value);

import type pg from 'pg';
import { JOB_SCHEMA, QUIET } from './jobs.ts';

/** Every queue there is, and how long a job may be under way before it is given out again. */
const QUEUES = { deliveries: { expireInSeconds: 60 } } as const;

/** What is owed is owed until it is done or given up: the library itself gives up nothing. */
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
  for (const [name, options] of Object.entries(QUEUES)) {
    await boss.createQueue(name, { ...PATIENT, ...options });
    await boss.updateQueue(name, { ...PATIENT, ...options });
  }
  await boss.stop({ graceful: false });
}

/** @param role as SQL writes it */
export const jobGrants = (role: string): string[] => [
  `grant usage on schema ${JOB_SCHEMA} to ${role}`,
  `grant select, insert, update, delete on all tables in schema ${JOB_SCHEMA} to ${role}`,
];

import { runInBackground } from '../core/caller.ts';
import type { ConstructorOptions, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Queryable } from '../core/ports.ts';
import type { Database } from './database.ts';

/** The schema of the job library's tables, which `job-schema.ts` creates. */
export const JOB_SCHEMA = 'pgboss';

export interface NewJob<T extends object> {
  readonly data: T;
  /** Jobs of one group share a concurrency limit and do not delay other groups. */
  readonly group: string;
  /** Identifies the job to `runNow`. */
  readonly key: string;
  readonly afterSeconds?: number;
}

export interface Job<T extends object> {
  readonly id: string;
  readonly data: T;
  readonly group: string;
}

export interface JobBacklog {
  /** Jobs that are waiting, due or running, counted up to 100,000. */
  readonly waiting: number;
  /** Seconds for which the oldest due job has not been started; 0 if none is due. */
  readonly oldestDue: number;
}

/** A queue of jobs in Postgres. A job that was fetched and not removed is handed out again. */
export interface Jobs<T extends object> {
  /** Adds jobs as part of the transaction. */
  add(tx: Queryable, jobs: readonly NewJob<T>[]): Promise<void>;
  /**
   * Reserves jobs that are due, oldest first, until they expire.
   *
   * @param perGroup how many jobs of a group may run at once, over all processes
   * @param skipGroups groups to leave out
   */
  fetch(count: number, perGroup: number, skipGroups: readonly string[]): Promise<Job<T>[]>;
  /** Removes a job as part of the transaction. */
  remove(tx: Queryable, job: Job<T>): Promise<void>;
  /** Makes waiting jobs with this key due now. @returns true if there are any */
  runNow(tx: Queryable, key: string): Promise<boolean>;
  /** Makes waiting jobs with these fields in their data due now. */
  runMatchingNow(fields: Partial<T>): Promise<void>;
  backlog(): Promise<JobBacklog>;
  stop(): Promise<void>;
}

export interface JobOptions {
  readonly db: Database;
  readonly queue: string;
  /** True if this process returns jobs of dead processes to the queue. One process is enough. */
  readonly supervise: boolean;
  readonly superviseSeconds?: number;
  /** Called with errors of the library's timers, which retry. */
  readonly onError?: (error: unknown) => void;
}

/** The library creates nothing at run time; `gatehouse migrate` does. */
export const QUIET = {
  schema: JOB_SCHEMA,
  schedule: false,
  reindex: false,
  monitorVacuum: false,
} as const satisfies ConstructorOptions;

const connection = (on: Queryable) => ({
  // For several statements at once the driver returns no rows, and the library reads none.
  executeSql: async (text: string, values: unknown[] = []) => ({
    rows: ((await on.query(text, values)) as object[] | undefined) ?? [],
  }),
});

/** Opens a queue of the job library on our own pool. */
export function openJobs<T extends object>({
  db,
  queue,
  supervise,
  superviseSeconds = 30,
  onError = () => undefined,
}: JobOptions): Jobs<T> {
  // Loaded on first use: a gateway may never add a job, and so starts sooner.
  const start = async (): Promise<PgBoss> => {
    const { PgBoss: Library } = await import('pg-boss');
    const boss = new Library({
      ...QUIET,
      db: connection(db),
      migrate: false,
      createSchema: false,
      supervise,
      superviseIntervalSeconds: superviseSeconds,
      monitorIntervalSeconds: superviseSeconds,
    });
    // Without a listener an `error` would end the process.
    boss.on('error', onError);
    await boss.start();
    return boss;
  };
  let starting: Promise<PgBoss> | undefined;
  const started = () =>
    (starting ??= runInBackground(start).catch((error: unknown) => {
      starting = undefined;
      throw error;
    }));

  return {
    async add(tx, jobs) {
      const boss = await started();
      await boss.insert(queue, jobs.map(insertion), { db: connection(tx) });
    },
    async fetch(count, perGroup, skipGroups) {
      const boss = await started();
      const taken = await boss.fetch<T>(queue, {
        batchSize: count,
        groupConcurrency: perGroup,
        ignoreGroups: [...skipGroups],
        includeMetadata: true,
      });
      return taken.map(job);
    },
    async remove(tx, { id }) {
      const boss = await started();
      await boss.deleteJob(queue, id, { db: connection(tx) });
    },
    async runNow(tx, key) {
      const boss = await started();
      const options = { singletonKey: key, match: 'all', startAfter: 0 } as const;
      const { updated } = await boss.update(queue, undefined, { ...options, db: connection(tx) });
      return updated > 0;
    },
    async runMatchingNow(fields) {
      await db.query(RUN_MATCHING_NOW, [queue, fields]);
    },
    async backlog() {
      const [row] = await db.query<JobBacklog>(BACKLOG, [queue]);
      return row ?? { waiting: 0, oldestDue: 0 };
    },
    async stop() {
      // If it failed to start, the caller has seen the error and there is nothing to stop.
      const boss = await starting?.catch(() => undefined);
      await boss?.stop({ graceful: false });
    },
  };
}

/** In SQL, because the library's own figures are up to a minute old. */
const BACKLOG = `select
    (select count(*)::int from (select from ${JOB_SCHEMA}.job
      where name = $1 and state < 'completed' limit 100000) as counted) as waiting,
    coalesce((select extract(epoch from now() - min(start_after))::float8 from ${JOB_SCHEMA}.job
      where name = $1 and state < 'active' and start_after <= now()), 0) as "oldestDue"`;

const RUN_MATCHING_NOW = `update ${JOB_SCHEMA}.job set start_after = now()
  where name = $1 and state < 'active' and start_after > now() and data @> $2`;

const insertion = <T extends object>({ data, group, key, afterSeconds = 0 }: NewJob<T>) => ({
  data,
  group: { id: group },
  singletonKey: key,
  startAfter: afterSeconds,
});

const job = <T extends object>({ id, data, groupId }: JobWithMetadata<T>): Job<T> => ({
  id,
  data,
  group: groupId ?? '',
});

import { runInBackground } from '../core/caller.ts';
import type { ConstructorOptions, PgBoss } from 'pg-boss';
import type { Queryable } from '../core/ports.ts';
import type { Database } from './database.ts';
import {
  ASIDE_AT_ONCE,
  BACKLOG,
  JOB_SCHEMA,
  REMOVE,
  RETURN_EXPIRED,
  RUN_ASIDE_NOW,
  RUN_NOW,
  TAKE_DUE,
} from './job-statements.ts';

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
  /**
   * Removes a job as part of the transaction.
   *
   * @returns false if it is gone: it had expired, and another process has removed it
   */
  remove(tx: Queryable, job: Job<T>): Promise<boolean>;
  /**
   * Removes jobs as part of the transaction.
   *
   * @returns the ids of those that were not gone
   */
  removeAll(tx: Queryable, jobs: readonly Job<T>[]): Promise<string[]>;
  /** Makes waiting jobs with this key due now. @returns true if there are any */
  runNow(tx: Queryable, key: string): Promise<boolean>;
  /** Makes waiting jobs due now whose data has the field `aside`. */
  runAsideNow(): Promise<void>;
  backlog(): Promise<JobBacklog>;
  stop(): Promise<void>;
}

export interface JobOptions {
  readonly db: Database;
  readonly queue: string;
  /** How often a process that takes jobs returns those of dead processes to the queue. */
  readonly expireEveryMs?: number;
  /** Called with errors of the library. */
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
  expireEveryMs = 30_000,
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
      // It counts all jobs every time, and returns those of dead processes only if that did not time out.
      supervise: false,
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

  let expiredAt = -Infinity;
  const returnExpired = async (): Promise<void> => {
    if (performance.now() < expiredAt + expireEveryMs) return;
    expiredAt = performance.now();
    await db.query(RETURN_EXPIRED, [queue]);
  };

  return {
    async add(tx, jobs) {
      const boss = await started();
      await boss.insert(queue, jobs.map(insertion), { db: connection(tx) });
    },
    async fetch(count, perGroup, skipGroups) {
      await returnExpired();
      return db.query<Job<T>>(TAKE_DUE, [queue, count, perGroup, skipGroups]);
    },
    async remove(tx, { id }) {
      return (await tx.query(REMOVE, [queue, [id]])).length > 0;
    },
    async removeAll(tx, all) {
      const removed = await tx.query<{ id: string }>(REMOVE, [queue, all.map(({ id }) => id)]);
      return removed.map(({ id }) => id);
    },
    async runNow(tx, key) {
      return (await tx.query(RUN_NOW, [queue, key])).length > 0;
    },
    async runAsideNow() {
      for (let done = ASIDE_AT_ONCE; done === ASIDE_AT_ONCE;)
        done = (await db.query(RUN_ASIDE_NOW, [queue])).length;
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

const insertion = <T extends object>({ data, group, key, afterSeconds = 0 }: NewJob<T>) => ({
  data,
  group: { id: group },
  singletonKey: key,
  startAfter: afterSeconds,
});

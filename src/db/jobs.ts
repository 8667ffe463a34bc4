import type { ConstructorOptions, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Queryable } from '../core/ports.ts';
import type { Database } from './database.ts';

/** Where the job library keeps its tables; `job-schema.ts` makes them. */
export const JOB_SCHEMA = 'pgboss';

export interface NewJob<T extends object> {
  readonly data: T;
  /** Jobs of one group share a bound, and none of them delays another group's. */
  readonly group: string;
  /** Names the job to `runNow`. */
  readonly key: string;
  readonly afterSeconds?: number;
}

export interface Job<T extends object> {
  readonly id: string;
  readonly data: T;
  readonly group: string;
}

/** Work that is due at some time, in Postgres: what is taken and not removed comes again. */
export interface Jobs<T extends object> {
  /** With the transaction, or not at all. */
  add(tx: Queryable, jobs: readonly NewJob<T>[]): Promise<void>;
  /**
   * What is due, the oldest first, for the taker alone until its time is over.
   *
   * @param perGroup how many of a group may be under way at once, on all processes
   * @param skipGroups groups to leave alone
   */
  fetch(count: number, perGroup: number, skipGroups: readonly string[]): Promise<Job<T>[]>;
  /** With the transaction, or not at all. */
  remove(tx: Queryable, job: Job<T>): Promise<void>;
  /** Makes what waits under this key due now. @returns whether anything waits */
  runNow(tx: Queryable, key: string): Promise<boolean>;
  /** Makes what waits with these fields in its data due now. */
  runMatchingNow(fields: Partial<T>): Promise<void>;
  /** How many there are: due, waiting for their time, or under way. */
  waiting(): Promise<number>;
  stop(): Promise<void>;
}

export interface JobOptions {
  readonly db: Database;
  readonly queue: string;
  /** True if this process returns jobs of dead processes to the queue. One process is enough. */
  readonly supervise: boolean;
  readonly superviseSeconds?: number;
  /** Failures of the library's timers, which try again. */
  readonly onError?: (error: unknown) => void;
}

/** Without rights and wish to define anything: that is `gatehouse migrate`'s. */
export const QUIET = {
  schema: JOB_SCHEMA,
  schedule: false,
  reindex: false,
  monitorVacuum: false,
} as const satisfies ConstructorOptions;

const connection = (on: Queryable) => ({
  // Several statements at once have no rows that the library reads.
  executeSql: async (text: string, values: unknown[] = []) => ({
    rows: ((await on.query(text, values)) as object[] | undefined) ?? [],
  }),
});

/** A queue of the job library, on our own pool. */
export function openJobs<T extends object>({
  db,
  queue,
  supervise,
  superviseSeconds = 30,
  onError = () => undefined,
}: JobOptions): Jobs<T> {
  // Loaded when it is first needed: whoever serves HTTP may never add a job, and starts sooner.
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
    // Unheard, an `error` would end the process.
    boss.on('error', onError);
    await boss.start();
    return boss;
  };
  let starting: Promise<PgBoss> | undefined;
  const started = () =>
    (starting ??= start().catch((error: unknown) => {
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
    async waiting() {
      const [row] = await db.query<{ count: number }>(WAITING, [queue]);
      return row?.count ?? 0;
    },
    async stop() {
      // One that did not start has told its caller so, and needs no stop.
      const boss = await starting?.catch(() => undefined);
      await boss?.stop({ graceful: false });
    },
  };
}

/** The library's own figure is up to a minute old. */
const WAITING = `select count(*)::int as count from ${JOB_SCHEMA}.job where name = $1 and state < 'completed'`;

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

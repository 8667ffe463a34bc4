import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Migration } from './migration-files.ts';
import { asPostgresError } from './problems.ts';

/** Progress of a migration run. */
export interface Progress {
  /** Undefined if it concerns none. */
  readonly migration?: string;
  readonly what:
    | 'waiting for another migrate or maintain'
    | 'started'
    | 'waiting for a lock'
    | 'building an index'
    | 'applied';
  readonly index?: string;
  readonly tookMs?: number;
}
export type Report = (progress: Progress) => void;

/** A lock could not be acquired despite many retries. */
export class MigrationBlocked extends Error {
  override readonly name = 'MigrationBlocked';
}

/** SQLSTATEs of a table, column, or index and the like that is there already. */
const EXISTS = ['42P07', '42701', '42710'];

/** The database has what a migration creates, and no record of it. */
export class MigrationClash extends Error {
  override readonly name = 'MigrationClash';

  constructor({ tag, hash, when }: Migration, found: string) {
    super(
      `${tag} was not recorded, but ${found}: somebody ran it by hand, or a backup was restored without the schema drizzle. ` +
        `If the database has all that migrations/${tag}.sql creates, record it and repeat: ` +
        `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash}', ${when})`,
    );
  }
}

export interface RunOptions {
  /** Updates the runtime role's privileges, in the transaction that creates new tables. */
  readonly grant: () => Promise<void>;
  readonly report: Report;
}

/**
 * Lock timeout of a migration, after which it backs off and retries. While it waits for a lock, all
 * writers of the table queue behind it.
 */
const LOCK_TIMEOUT_MS = 250;
const PAUSE_MS = { first: 100, longest: 3_000 };
/** How long a migration retries before it gives up. */
const GIVE_UP_AFTER_MS = 10 * 60_000;

/** @throws MigrationClash, MigrationBlocked */
export async function runMigration(
  client: pg.Client,
  migration: Migration,
  options: RunOptions,
): Promise<void> {
  try {
    await apply(client, migration, options);
  } catch (error) {
    const { code = '', message } = asPostgresError(error);
    throw EXISTS.includes(code) ? new MigrationClash(migration, message) : error;
  }
}

async function apply(
  client: pg.Client,
  migration: Migration,
  { grant, report }: RunOptions,
): Promise<void> {
  const { tag } = migration;
  const began = performance.now();
  report({ migration: tag, what: 'started' });
  const onWait = () => report({ migration: tag, what: 'waiting for a lock' });
  const finish = async () => {
    await grant();
    await record(client, migration);
  };
  if (migration.inTransaction) {
    await retryWhileLocked(tag, onWait, () =>
      inTransaction(client, async () => {
        await runWithin(client, migration.statements);
        await finish();
      }),
    );
  } else {
    for (const statement of migration.statements)
      await retryWhileLocked(tag, onWait, () => runAlone(client, statement, tag, report));
    await inTransaction(client, finish);
  }
  report({ migration: tag, what: 'applied', tookMs: Math.round(performance.now() - began) });
}

export async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    // If this fails, the connection is broken, which rolls back too. The first error is the cause.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** All lock waits of one transaction share one limit, because writers queue behind its first lock until it ends. */
async function runWithin(client: pg.Client, statements: readonly string[]): Promise<void> {
  let leftMs = LOCK_TIMEOUT_MS;
  for (const statement of statements) {
    await client.query(`set local lock_timeout = ${Math.max(1, Math.floor(leftMs))}`);
    const began = performance.now();
    await client.query(statement);
    leftMs -= performance.now() - began;
  }
}

const CONCURRENT_INDEX =
  /^(?:--.*\n|\s)*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/i;
const CONCURRENT = /\bindex\s+concurrently\b/i;

/** Building an index concurrently blocks nobody but waits for all open transactions, so it has no lock timeout. */
async function runAlone(
  client: pg.Client,
  statement: string,
  tag: string,
  report: Report,
): Promise<void> {
  const index = CONCURRENT_INDEX.exec(statement)?.[1];
  if (index !== undefined) {
    await dropInvalid(client, index);
    report({ migration: tag, what: 'building an index', index });
  }
  await client.query(`set lock_timeout = ${CONCURRENT.test(statement) ? 0 : LOCK_TIMEOUT_MS}`);
  await client.query(statement);
}

/** An interrupted build leaves an invalid index, which is kept up to date but never used. */
async function dropInvalid(client: pg.Client, index: string): Promise<void> {
  const { rows } = await client.query(
    'select 1 from pg_index where indexrelid = to_regclass(quote_ident($1)) and not indisvalid',
    [index],
  );
  if (rows.length > 0) await client.query(`drop index concurrently if exists "${index}"`);
}

const record = (client: pg.Client, { hash, when }: Migration) =>
  client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
    hash,
    when,
  ]);

/** True for `lock_not_available` and deadlocks: nothing was changed and a retry may succeed. */
const isLockConflict = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(asPostgresError(error).code ?? '');

/** @throws MigrationBlocked */
export async function retryWhileLocked<T>(
  tag: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
    try {
      return await work();
    } catch (error) {
      if (!isLockConflict(error)) throw error;
      if (performance.now() > deadline) throw blocked(tag, error);
    }
    onWait();
    await sleep(pauseMs * (0.75 + Math.random() / 2));
  }
}

const blocked = (tag: string, cause: unknown): MigrationBlocked =>
  new MigrationBlocked(
    `${tag} could not lock a table for ${GIVE_UP_AFTER_MS / 60_000} minutes, because a long transaction uses it. Everything before it is applied; end that transaction and run "gatehouse migrate" again.`,
    { cause },
  );

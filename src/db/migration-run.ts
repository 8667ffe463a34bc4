import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Migration } from './migration-files.ts';
import { asPostgresError } from './problems.ts';

/** Progress of a migration run. */
export interface Progress {
  readonly migration: string;
  readonly what: 'started' | 'waiting for a lock' | 'building an index' | 'applied';
  readonly index?: string;
  readonly tookMs?: number;
}
export type Report = (progress: Progress) => void;

/** A lock could not be had although it was asked for again and again. */
export class MigrationBlocked extends Error {
  override readonly name = 'MigrationBlocked';
}

export interface RunOptions {
  /** Brings the runtime role's rights up to date, in the transaction that makes new tables. */
  readonly grant: () => Promise<void>;
  readonly report: Report;
}

/**
 * How long a migration may wait for locks before it lets everybody pass and tries again: whoever
 * writes to a table queues behind a lock that is waited for.
 */
const LOCKS_WITHIN_MS = 250;
const PAUSE_MS = { first: 100, longest: 3_000 };
const PATIENCE_MS = 10 * 60_000;

export async function runMigration(
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
    await lockPatiently(tag, onWait, () =>
      inTransaction(client, async () => {
        await runWithin(client, migration.statements);
        await finish();
      }),
    );
  } else {
    for (const statement of migration.statements)
      await lockPatiently(tag, onWait, () => runAlone(client, statement, tag, report));
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
    // If this fails, the connection is broken, which rolls back too; the first error says why.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** The waits of one transaction add up for whoever queues behind its first lock, so they share one limit. */
async function runWithin(client: pg.Client, statements: readonly string[]): Promise<void> {
  let leftMs = LOCKS_WITHIN_MS;
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

/** Building an index concurrently blocks nobody, and waits for every open transaction: that wait has no limit. */
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
  await client.query(`set lock_timeout = ${CONCURRENT.test(statement) ? 0 : LOCKS_WITHIN_MS}`);
  await client.query(statement);
}

/** A build that was cut off leaves an index that is kept up to date and never used. */
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

/** Lock not available, deadlock: nothing was changed, and later it may work. */
const isLockConflict = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(asPostgresError(error).code ?? '');

async function lockPatiently(
  tag: string,
  onWait: () => void,
  work: () => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
    try {
      await work();
      return;
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
    `${tag} could not lock a table for ${PATIENCE_MS / 60_000} minutes, because a long transaction uses it. Everything before it is applied; end that transaction and run "gatehouse migrate" again.`,
    { cause },
  );

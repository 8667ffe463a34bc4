import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Secret } from '../secret.ts';
import { isSerializationFailure, isUnanswered } from './problems.ts';
import * as schema from './schema.ts';

export interface DatabaseOptions {
  readonly url: Secret;
  readonly max: number;
}

/** A statement with a name is parsed and planned once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** Runs statements: on the pool, or inside a transaction. */
export interface Queryable {
  /** For hot paths: a typed builder costs three times the statement. */
  query<R extends object>(statement: Statement | string, values?: readonly unknown[]): Promise<R[]>;
  /** For everything else. */
  readonly orm: NodePgDatabase<typeof schema>;
}

export interface Database extends Queryable {
  /** Commits, or leaves nothing behind. Repeated up to three times on a serialization failure. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Whether a statement comes back; used by readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Every wait has an end: for a connection 1 s, for a statement 2 s on the server and half a
 * second more here, because a frozen server does not cancel anything.
 */
export function openDatabase({ url, max }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    max,
    connectionTimeoutMillis: 1_000,
    statement_timeout: 2_000,
    query_timeout: 2_500,
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
    application_name: 'gatehouse',
  });
  // An idle connection that breaks is replaced at the next use; unhandled it would end the process.
  pool.on('error', () => undefined);
  // And so would one that breaks between two statements of a transaction; the next statement says so.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  const onPool = queryable(pool);
  return {
    query: onPool.query,
    orm: onPool.orm,
    transaction: (work) => withRetry(() => transaction(pool, work)),
    ping: async () => {
      await onPool.query('select 1');
    },
    close: () => pool.end(),
  };
}

function queryable(source: pg.Pool | pg.PoolClient): Queryable {
  let orm: NodePgDatabase<typeof schema> | undefined;
  return {
    async query<R extends object>(statement: Statement | string, values: readonly unknown[] = []) {
      const config = typeof statement === 'string' ? { text: statement } : statement;
      // Sound: the driver only reads the values.
      return (await source.query<R>(config, values as unknown[])).rows;
    },
    get orm() {
      return (orm ??= drizzle(source, { schema }));
    },
  };
}

async function transaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  const tx = queryable(connection);
  let broken = true;
  try {
    await tx.query('begin');
    const result = await work(tx);
    await tx.query('commit');
    broken = false;
    return result;
  } catch (error) {
    // Without an answer to this one, another would only be waited for as long again.
    broken = isUnanswered(error) || (await rollback(tx));
    throw error;
  } finally {
    connection.release(broken);
  }
}

/** @returns whether the connection is of no more use. */
const rollback = (tx: Queryable): Promise<boolean> =>
  tx.query('rollback').then(
    () => false,
    () => true,
  );

async function withRetry<T>(run: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (attempts > 1 && isSerializationFailure(error)) return withRetry(run, attempts - 1);
    throw error;
  }
}

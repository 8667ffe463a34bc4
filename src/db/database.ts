import type pg from 'pg';
import type { Queryable, Statement } from '../core/ports.ts';
import type { Secret } from '../core/secret.ts';
import { CONNECT_MS } from './opening.ts';
import { isSerializationFailure, keepsTheSession } from './problems.ts';
import { openSessions, type Renewal, type Run, type Sessions } from './sessions.ts';

export interface DatabaseOptions {
  readonly url: Secret;
  readonly max: number;
}

export interface Database extends Queryable {
  /** Commits, or leaves nothing behind. Repeated up to three times on a serialization failure. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** On a session of its own, which no work can take away: for readiness. */
  readonly probe: Pick<Queryable, 'query'>;
  /** Resolves if the database takes writes. @throws what the database says; 25006 if it takes none */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Every wait has an end: for a connection 1 s, for a statement 2 s on the server and half a
 * second more here, because a frozen server does not cancel anything.
 */
const LIMITS = {
  connectionTimeoutMillis: CONNECT_MS,
  statement_timeout: 2_000,
  query_timeout: 2_500,
  idle_in_transaction_session_timeout: 5_000,
  keepAlive: true,
} as const satisfies pg.PoolConfig;

/** The probe answers sooner, for whoever asks it does not wait long. */
const PROBE_LIMITS = { ...LIMITS, statement_timeout: 800, query_timeout: 900, max: 1 };

export function openDatabase({ url, max }: DatabaseOptions): Database {
  const connectionString = url.reveal();
  const renewal: Renewal = { before: -Infinity };
  const sessions = openSessions(
    { ...LIMITS, connectionString, max, application_name: 'gatehouse' },
    renewal,
  );
  const probes = openSessions(
    { ...PROBE_LIMITS, connectionString, application_name: 'gatehouse-probe' },
    renewal,
  );
  return {
    ...onEach(sessions),
    transaction: (work) => withRetry(() => sessions.use((run) => transaction(run, work))),
    probe: onEach(probes),
    ping: () => probes.use(expectWritable),
    async close() {
      await Promise.all([sessions.close(), probes.close()]);
    },
  };
}

/** Each statement on a session that is free. */
const onEach = (sessions: Sessions): Queryable =>
  queryable((statement, values) => sessions.use((run) => run(statement, values)));

const queryable = (run: Run): Queryable => ({
  async query<R extends object>(statement: Statement | string, values: readonly unknown[] = []) {
    const config = typeof statement === 'string' ? { text: statement } : statement;
    // The caller states the type of the rows.
    return (await run(config, values)).rows as R[];
  },
});

async function transaction<T>(run: Run, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const session = watched(run);
  await session.run({ text: 'begin' });
  try {
    const result = await work(queryable(session.run));
    const { command } = await session.run({ text: 'commit' });
    // Postgres answers so, without an error, when a statement failed and the failure was ignored.
    if (command === 'ROLLBACK') throw new Error('The transaction was rolled back.');
    return result;
  } catch (error) {
    // A session that is over would only be waited for as long again; closed, it rolls back by itself.
    if (!session.isOver()) await session.run({ text: 'rollback' }).catch(isOverNow);
    throw error;
  }
}

/** Remembers whether the session is of no more use. */
function watched(run: Run): { readonly run: Run; isOver(): boolean } {
  let over = false;
  return {
    async run(statement, values) {
      try {
        return await run(statement, values);
      } catch (error) {
        over ||= !keepsTheSession(error);
        throw error;
      }
    },
    isOver: () => over,
  };
}

/** The pool has seen the failure too and closes the session; the error that led here is the one to tell. */
const isOverNow = (): undefined => undefined;

async function expectWritable(run: Run): Promise<void> {
  const { rows } = await run({
    text: `select pg_is_in_recovery() or current_setting('transaction_read_only')::bool as "readOnly"`,
  });
  const [row] = rows as { readOnly: boolean }[];
  if (row?.readOnly) throw Object.assign(new Error('The session is read-only.'), { code: '25006' });
}

async function withRetry<T>(run: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (attempts > 1 && isSerializationFailure(error)) return withRetry(run, attempts - 1);
    throw error;
  }
}

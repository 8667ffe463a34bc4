import pg from 'pg';
import { Secret } from '../core/secret.ts';
import { explainDatabase, hostOf } from './explain.ts';
import { createOpening } from './opening.ts';
import {
  DatabaseUnreachable,
  isRefusedBySession,
  keepsTheSession,
  meansRenewal,
} from './problems.ts';

/** Runs one statement. */
export type Run = (
  statement: pg.QueryConfig,
  values?: readonly unknown[],
) => Promise<pg.QueryResult>;

export interface Sessions {
  /**
   * Gives a session to `work`, and keeps it afterwards unless an error showed that it is of no more
   * use. Work that an old session refused (it was read-only) is done once more, on a new one.
   */
  use<T>(work: (run: Run) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Sessions opened before this moment are closed instead of being used again. Pools to one server share it. */
export interface Renewal {
  before: number;
}

/** No session lives much longer, so that all move to where the name of the server leads now. */
const LIFETIME_SECONDS = 300;
/** While the server itself takes no writes, new sessions are no better: they are tried for so long. */
const RENEW_AFTER_MS = 1_000;

export function openSessions(config: pg.PoolConfig, renewal: Renewal): Sessions {
  const pool = openPool(config);
  const opening = createOpening(pool, beginner(config));
  const host = hostOf(new Secret(config.connectionString ?? ''));
  const acquire = async (): Promise<pg.PoolClient> => {
    for (;;) {
      const connection = await opening.open().catch((cause: unknown) => {
        throw new DatabaseUnreachable(host, explainDatabase(cause), cause);
      });
      if (openedAt(connection) >= renewal.before) return connection;
      connection.release(true);
    }
  };
  const useOne = async <T>(work: (run: Run) => Promise<T>) => {
    const connection = await acquire();
    const session = sessionOn(connection, renewal);
    try {
      return await work(session.run);
    } catch (error) {
      if (meansRenewal(error)) session.fails(error);
      throw error;
    } finally {
      connection.release(session.isOver() || openedAt(connection) < renewal.before);
    }
  };

  return {
    async use(work) {
      const { before } = renewal;
      try {
        return await useOne(work);
      } catch (error) {
        if (isRefusedBySession(error) && renewal.before > before) return await useOne(work);
        throw error;
      }
    },
    close() {
      opening.stop();
      return pool.end();
    },
  };
}

/**
 * The constructor reads the CA's file, and the pool calls it inside of callbacks, where what it
 * throws would end the process. Here the error comes from `connect`, to the one who waits for it.
 */
const Client = function (config: pg.ClientConfig): pg.Client {
  try {
    return new pg.Client(config);
  } catch (error) {
    const client = new pg.Client({});
    const connect = (done: (error: unknown) => void) => process.nextTick(done, error);
    return Object.assign(client, { connect });
  }
} as unknown as typeof pg.Client;

/** Begins a session outside of the pool. */
const beginner =
  (config: pg.PoolConfig) =>
  (connectionTimeoutMillis: number, done: (error: unknown) => void): pg.Client => {
    const client = new Client({ ...config, connectionTimeoutMillis });
    // It may break after it was opened; nobody uses it then.
    client.on('error', () => undefined);
    client.connect(done);
    return client;
  };

const OPENED_AT = new WeakMap<pg.PoolClient, number>();
const openedAt = (connection: pg.PoolClient): number => OPENED_AT.get(connection) ?? -Infinity;

function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    // With a quarter of chance, so that the replicas do not all connect at the same time.
    maxLifetimeSeconds: Math.round(LIFETIME_SECONDS * (0.75 + Math.random() / 2)),
    Client,
    ...config,
  });
  // An idle connection that breaks is replaced at the next use; unhandled it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (connection) => {
    OPENED_AT.set(connection, performance.now());
    // It may break between two statements of a transaction: the next statement fails and says so.
    connection.on('error', () => undefined);
  });
  return pool;
}

/** One use of a connection: it notes which errors say that the session is of no more use. */
function sessionOn(connection: pg.PoolClient, renewal: Renewal) {
  let over = false;
  const fails = (error: unknown): void => {
    over ||= !keepsTheSession(error);
    const isYoung = performance.now() - openedAt(connection) < RENEW_AFTER_MS;
    if (meansRenewal(error) && !isYoung) renewal.before = performance.now();
  };
  const run: Run = async (statement, values = []) => {
    try {
      // Sound: the driver only reads the values.
      return await connection.query(statement, values as unknown[]);
    } catch (error) {
      fails(error);
      throw error;
    }
  };
  return { run, fails, isOver: () => over };
}

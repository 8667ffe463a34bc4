import pg from 'pg';
import type { Admission, Occupancy } from '../core/admission.ts';
import { checkCancelled } from '../core/caller.ts';
import type { Statement } from '../core/ports.ts';
import { Secret } from '../core/secret.ts';
import { cancelIfCallerLeaves } from './cancel-statement.ts';
import { explainDatabase, hostOf } from './explain.ts';
import { DriverClient } from './driver-client.ts';
import { createOpening } from './opening.ts';
import {
  DatabaseUnreachable,
  isRefusedBySession,
  keepsTheSession,
  meansRenewal,
} from './problems.ts';
import { runStatement } from './run-statement.ts';

/** Runs one statement. It is cancelled on the server if the caller leaves. @throws Cancelled */
export type Run = (statement: Statement, values?: readonly unknown[]) => Promise<pg.QueryResult>;

export interface Sessions {
  /**
   * Lends a session to `work`. The session goes back to the pool unless an error showed that it is
   * broken. Work that an outdated session refused (e.g. read-only) is repeated once on a new session.
   */
  use<T>(work: (run: Run) => Promise<T>): Promise<T>;
  readonly occupancy: Occupancy;
  close(): Promise<void>;
}

/** Told of each statement. */
export type OnStatement = (seconds: number, outcome: 'ok' | 'failed') => void;

interface SessionsOptions {
  /** Shares the sessions out; without it whoever comes first gets one. */
  readonly admission?: Admission | undefined;
  readonly onStatement?: OnStatement | undefined;
}

export interface SessionsConfig extends pg.PoolConfig {
  /** How long a caller waits for a connection. */
  readonly connectionTimeoutMillis: number;
  /** How long to wait for the reply to a statement. */
  readonly replyMs: number;
}

/** Sessions opened before this moment are closed instead of reused. All pools of one server share it. */
export interface Renewal {
  before: number;
}

/** Sessions are replaced after about this long, so that they follow a changed DNS record of the server. */
const LIFETIME_SECONDS = 300;
/** A failure on a session younger than this does not trigger a renewal: if the server itself is read-only, new sessions are too. */
const RENEW_AFTER_MS = 1_000;

export function openSessions(
  config: SessionsConfig,
  renewal: Renewal,
  { admission, onStatement }: SessionsOptions = {},
): Sessions {
  const pool = openPool(config);
  const opening = createOpening(pool, config.connectionTimeoutMillis, beginner(config));
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
    const session = sessionOn(connection, config.replyMs, renewal, onStatement);
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
      const leave = await admission?.enter();
      try {
        return await useOne(work);
      } catch (error) {
        if (isRefusedBySession(error) && renewal.before > before) return await useOne(work);
        throw error;
      } finally {
        leave?.();
      }
    },
    occupancy: {
      capacity: pool.options.max,
      inUse: () => pool.totalCount - pool.idleCount,
      waiting: () => pool.waitingCount,
    },
    close() {
      opening.stop();
      return pool.end();
    },
  };
}

/** Opens a session outside the pool. */
const beginner =
  (config: pg.PoolConfig) =>
  (connectionTimeoutMillis: number, done: (error: unknown) => void): pg.Client => {
    const client = new DriverClient({ ...config, connectionTimeoutMillis });
    // It may break after it was opened; nobody uses it by then.
    client.on('error', () => undefined);
    client.connect(done);
    return client;
  };

const OPENED_AT = new WeakMap<pg.PoolClient, number>();
const openedAt = (connection: pg.PoolClient): number => OPENED_AT.get(connection) ?? -Infinity;

function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    // 25 % of jitter, so that the replicas do not all reconnect at the same time.
    maxLifetimeSeconds: Math.round(LIFETIME_SECONDS * (0.75 + Math.random() / 2)),
    Client: DriverClient,
    ...config,
  });
  // A broken idle connection is replaced at the next use; without a listener the error would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (connection) => {
    OPENED_AT.set(connection, performance.now());
    // A connection may break between two statements of a transaction; then the next statement fails.
    connection.on('error', () => undefined);
  });
  return pool;
}

/** Wraps a borrowed connection, and notes which errors make the session unusable. */
function sessionOn(
  connection: pg.PoolClient,
  replyMs: number,
  renewal: Renewal,
  onStatement?: OnStatement,
) {
  let over = false;
  const fails = (error: unknown): void => {
    over ||= !keepsTheSession(error);
    const isYoung = performance.now() - openedAt(connection) < RENEW_AFTER_MS;
    if (meansRenewal(error) && !isYoung) renewal.before = performance.now();
  };
  const run: Run = async (statement, values = []) => {
    checkCancelled();
    const ended = cancelIfCallerLeaves(connection);
    const began = performance.now();
    const tell = (outcome: 'ok' | 'failed') =>
      onStatement?.((performance.now() - began) / 1_000, outcome);
    try {
      const result = await runStatement(connection, statement, values, replyMs);
      tell('ok');
      return result;
    } catch (error) {
      // The error was made where the reply was read; its stack should lead to the caller.
      if (error instanceof Error) Error.captureStackTrace(error);
      tell('failed');
      fails(error);
      checkCancelled();
      throw error;
    } finally {
      const isReusable = await ended();
      over ||= !isReusable;
    }
  };
  return { run, fails, isOver: () => over };
}

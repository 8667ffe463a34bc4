import { packageVersion } from '../core/package-files.ts';
import { createAdmission, type AdmissionWatch } from '../core/admission.ts';
import { runToTheEnd } from '../core/caller.ts';
import type { Fullness } from '../core/places.ts';
import type { Queryable, Statement } from '../core/ports.ts';
import type { Secret } from '../core/secret.ts';
import type { SpanStart } from '../core/span.ts';
import { inSpan } from '../core/tracing.ts';
import { CONNECT_MS } from './opening.ts';
import { hostOf } from './explain.ts';
import { isSerializationFailure, keepsTheSession, SessionsBusy } from './problems.ts';
import {
  openSessions,
  type OnStatement,
  type Renewal,
  type Run,
  type Sessions,
  type SessionsConfig,
} from './sessions.ts';

export interface DatabaseOptions {
  readonly url: Secret;
  /** The most sessions that are open at once. */
  readonly max: number;
  /** How long to wait for a connection. Default: 1 s, as long as a request may wait. */
  readonly connectMs?: number;
  /** True to give each client a share of the sessions, and to keep some for logins and portal links. */
  readonly shares?: boolean;
  readonly watch?: AdmissionWatch;
  /** Called after each statement. */
  readonly onStatement?: OnStatement;
  /** False behind a pooler that cannot prepare statements. Default: true. */
  readonly prepares?: boolean;
}

export interface Database extends Queryable {
  /** Commits or rolls back, even if its caller leaves. Repeated up to three times on a serialization failure. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Uses a session of its own, so that readiness can be checked while all others are busy. */
  readonly probe: Pick<Queryable, 'query'>;
  /** Resolves if the database accepts writes. @throws the database's error, or one with code 25006 if it is read-only */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A statement may take 2 s on the server. The client waits 0.5 s more, because a frozen server cancels nothing. */
const LIMITS = {
  statement_timeout: 2_000,
  replyMs: 2_500,
  idle_in_transaction_session_timeout: 5_000,
  keepAlive: true,
} as const satisfies Partial<SessionsConfig>;

/** The probe has shorter timeouts, because an orchestrator does not wait long for readiness. */
const PROBE_LIMITS = { ...LIMITS, statement_timeout: 800, replyMs: 900, max: 1 };

/** Followed by the release in the name of a session: `gatehouse doctor` lists what runs. */
export const PROBE_NAME = 'gatehouse-probe';

export function openDatabase({
  url,
  max,
  connectMs = CONNECT_MS,
  shares = false,
  watch,
  onStatement,
  prepares = true,
}: DatabaseOptions): Database {
  const connectionString = url.reveal();
  const to = { connectionString, connectionTimeoutMillis: connectMs };
  const renewal: Renewal = { before: -Infinity };
  const refuse = (reason: Fullness) => new SessionsBusy(hostOf(url), reason);
  const prepared = prepares ? (opened: Sessions) => opened : unprepared;
  const sessions = prepared(
    openSessions({ ...LIMITS, ...to, max, application_name: 'gatehouse' }, renewal, {
      admission: shares
        ? createAdmission({ capacity: max, waitMs: connectMs, refuse, watch })
        : undefined,
      onStatement,
    }),
  );
  if (!shares) watch?.onOpen(sessions.occupancy);
  const probes = prepared(
    openSessions(
      { ...PROBE_LIMITS, ...to, application_name: `${PROBE_NAME} ${packageVersion()}` },
      renewal,
    ),
  );
  return {
    ...onEach(sessions),
    transaction: (work) =>
      inSpan(
        () => TRANSACTION,
        () => withRetry(() => sessions.use((run) => runToTheEnd(() => transaction(run, work)))),
      ),
    probe: onEach(probes),
    ping: () => probes.use(expectWritable),
    async close() {
      await Promise.all([sessions.close(), probes.close()]);
    },
  };
}

/** Drops the names of statements: the pooler runs each transaction on another session, which does not know them. */
const unprepared = (sessions: Sessions): Sessions => ({
  ...sessions,
  use: (work) => sessions.use((run) => work(({ text }, values) => run({ text }, values))),
});

/** Runs each statement on any free session. */
const onEach = (sessions: Sessions): Queryable =>
  queryable((statement, values) => sessions.use((run) => run(statement, values)));

const queryable = (run: Run): Queryable => ({
  async query<R extends object>(statement: Statement | string, values: readonly unknown[] = []) {
    const config = typeof statement === 'string' ? { text: statement } : statement;
    const { rows } = await inSpan(
      () => spanOf(config),
      () => run(config, values),
    );
    // The caller vouches for the type of the rows.
    return rows as R[];
  },
});

const TRANSACTION: SpanStart = { name: 'transaction', kind: 'database' };

/** Names the statement, or its first word. Its text and values are not recorded. */
function spanOf({ name, text }: Statement): SpanStart {
  const statement = name ?? /\w+/.exec(text)?.[0]?.toLowerCase() ?? 'statement';
  return { name: statement, kind: 'database', facts: { statement } };
}

async function transaction<T>(run: Run, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const session = watched(run);
  await session.run({ text: 'begin' });
  try {
    const result = await work(queryable(session.run));
    const { command } = await session.run({ text: 'commit' });
    // Postgres answers a commit with ROLLBACK, and no error, if an earlier statement failed and its error was ignored.
    if (command === 'ROLLBACK') throw new Error('The transaction was rolled back.');
    return result;
  } catch (error) {
    // On a broken session a rollback would only wait for another timeout; closing it rolls back as well.
    if (!session.isOver()) await session.run({ text: 'rollback' }).catch(ignore);
    throw error;
  }
}

/** Runs statements, and remembers whether one of them broke the session. */
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

/** A failed rollback closes the session. The error to report is the one that caused the rollback. */
const ignore = (): undefined => undefined;

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

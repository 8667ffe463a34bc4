import type { Fullness } from '../core/places.ts';
import { Problem, type ProblemSlug } from '../core/problem.ts';

interface PostgresError {
  readonly code: string | undefined;
  readonly message: string;
  readonly constraint?: string;
  /** Undefined for errors of the driver or the network. */
  readonly severity?: string;
  /** The function in Postgres's source code. Unlike the message it is never translated. */
  readonly routine?: string;
}

const UNAVAILABLE = 'The database is not available.';
const NO_PRIVILEGE =
  'The database denies Gatehouse a privilege that it needs. Tell Gatehouse’s platform team, which must grant it.';
const NO_REPLY = 'The database did not answer in time.';

/** SQLSTATE classes and codes of failures that end without a change of ours; an operator may have to help. */
const TRANSIENT: readonly (readonly [RegExp, ProblemSlug, string])[] = [
  [/^57014$/, 'dependency-timeout', NO_REPLY],
  [/^55P03$/, 'dependency-timeout', NO_REPLY],
  // Time limits of a transaction, which the role or the database may have.
  [/^25P0[34]$/, 'dependency-timeout', NO_REPLY],
  [/^25006$/, 'dependency-read-only', 'The database is read-only at the moment.'],
  [/^(08|53|57P|40|XX|58)/, 'dependency-unavailable', UNAVAILABLE],
  [/^42501$/, 'dependency-unavailable', NO_PRIVILEGE],
  // A pooler has mixed up the prepared statements of its clients; see DATABASE_PREPARED_STATEMENTS.
  [/^(26000|42P05)$/, 'dependency-unavailable', UNAVAILABLE],
  [/^(ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET)/, 'dependency-unavailable', UNAVAILABLE],
];

/** Errors of `pg` itself, which have no code. */
const DRIVER_ERRORS: readonly (readonly [RegExp, ProblemSlug])[] = [
  [
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|not queryable/i,
    'dependency-unavailable',
  ],
];

/** No session could be opened, so no statement was sent. The cause is the driver's error. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
  /** `host:port`, for messages. */
  readonly host: string;
  /** The setting it came from. */
  setting = 'DATABASE_URL';

  /** @param why must contain nothing of the URL but the host */
  constructor(host: string, why: string, cause: unknown) {
    super(`No session of ${host} could be opened (${why})`, { cause });
    this.host = host;
  }
}

/** No session was lent within the time limit, because all that the caller may use are in use. */
export class SessionsBusy extends DatabaseUnreachable {
  constructor(host: string, reason: Fullness) {
    super(host, `${SHARES[reason]} in use`, undefined);
  }
}

const SHARES: Readonly<Record<Fullness, string>> = {
  client: 'the client’s share of the sessions is',
  strangers: 'the share of requests without a known client is',
  capacity: 'all sessions are',
};

/** Postgres did not reply to a statement in time. Nobody knows if the statement was committed. */
export class NoReply extends Error {
  override readonly name = 'NoReply';

  constructor(replyMs: number) {
    super(`Postgres sent no reply within the timeout of ${replyMs} ms.`);
  }
}

/** Turns a failure of Postgres that is not of our making into a Problem. Returns undefined for all others, which are our mistakes. */
export function fromPostgres(error: unknown): Problem | undefined {
  if (error instanceof DatabaseUnreachable)
    return new Problem('dependency-unavailable', UNAVAILABLE, { cause: error });
  if (error instanceof NoReply)
    return new Problem('dependency-timeout', NO_REPLY, { cause: error });
  const { code = '', message } = asPostgresError(error);
  const transient = TRANSIENT.find(([pattern]) => pattern.test(code));
  if (transient) return new Problem(transient[1], transient[2], { cause: error });
  const driver = DRIVER_ERRORS.find(([pattern]) => pattern.test(message));
  return driver && new Problem(driver[1], UNAVAILABLE, { cause: error });
}

/** Returns the error of the server or the driver. */
export const asPostgresError = (error: unknown): PostgresError =>
  (error instanceof DatabaseUnreachable ? (error.cause ?? error) : error) as PostgresError;

export const isSerializationFailure = (error: unknown): boolean =>
  ['40001', '40P01'].includes(asPostgresError(error).code ?? '');

/**
 * True if Postgres itself says that the statement had no effect, and the cause may be one of its rows:
 * a value, a lock that others hold, or a deadlock. Of an error of the driver nobody knows if the
 * statement was committed before, so that it must not be repeated.
 */
export const isOfOneRow = (error: unknown): boolean => {
  const { severity, code = '' } = asPostgresError(error);
  if (severity === undefined) return false;
  return code === '55P03' || isSerializationFailure(error) || fromPostgres(error) === undefined;
};

/** True if the session broke while the statement was under way, so that it may have been committed. */
export const mayBeCommitted = (error: unknown): boolean => {
  if (error instanceof DatabaseUnreachable || fromPostgres(error) === undefined) return false;
  const { severity, code = '' } = asPostgresError(error);
  return severity === undefined || /^(57P|08)/.test(code);
};

/**
 * True if the statement failed, without effect, only because of the state of this session: it is
 * read-only (opened before a failover), or a migration or pooler has invalidated its prepared statements.
 */
export const isRefusedBySession = (error: unknown): boolean => {
  const { code = '', routine } = asPostgresError(error);
  return ['25006', '26000'].includes(code) || routine === 'RevalidateCachedQuery';
};

/** True if all sessions of the same age are probably unusable too: refused, or shut down (57P01 to 57P03). */
export const meansRenewal = (error: unknown): boolean =>
  isRefusedBySession(error) || /^57P0[123]$/.test(asPostgresError(error).code ?? '');

/** Transaction timeouts, connection errors (08, 57P) and a duplicate prepared statement also end the session. */
const SESSION_OVER = /^(25P0[34]|57P|08|42P05$)/;

/** True if the error concerns only the statement, so that the session can be used again. */
export const keepsTheSession = (error: unknown): boolean => {
  const { code = '', severity } = asPostgresError(error);
  return severity !== undefined && !SESSION_OVER.test(code) && !isRefusedBySession(error);
};

export const isUniqueViolation = (error: unknown, constraint: string): boolean => {
  const { code, constraint: violated } = asPostgresError(error);
  return code === '23505' && violated === constraint;
};

/**
 * True if Postgres refuses a value that a repetition would send again: one that does not have the type of its column,
 * e.g. is no time or holds NUL (SQLSTATE class 22, data exception).
 */
export const isRefusedValue = (error: unknown): boolean =>
  asPostgresError(error).code?.startsWith('22') ?? false;

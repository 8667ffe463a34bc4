import { Problem, type ProblemSlug } from '../core/problem.ts';

interface PostgresError {
  readonly code: string | undefined;
  readonly message: string;
  readonly constraint?: string;
  /** Undefined: it is the driver's, or the network's, and not the server's. */
  readonly severity?: string;
  /** The function in Postgres's source; unlike the message it is not translated. */
  readonly routine?: string;
}

/** SQLSTATE classes and codes that pass by themselves, or with an operator's help. */
const TRANSIENT: readonly (readonly [RegExp, ProblemSlug, string])[] = [
  [/^57014$/, 'dependency-timeout', 'The database did not answer in time.'],
  [/^55P03$/, 'dependency-timeout', 'The database did not answer in time.'],
  [/^25006$/, 'dependency-read-only', 'The database takes no writes at the moment.'],
  [/^(08|53|57P|40|XX|58)/, 'dependency-unavailable', 'The database is not available.'],
  [
    /^(ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET)/,
    'dependency-unavailable',
    'The database is not available.',
  ],
];

/** Errors of `pg` itself, which have no code. */
const UNANSWERED = /Query read timeout/i;
const OF_THE_DRIVER: readonly (readonly [RegExp, ProblemSlug])[] = [
  [UNANSWERED, 'dependency-timeout'],
  [
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|not queryable/i,
    'dependency-unavailable',
  ],
];

/** No session could be opened, so that nothing was done. The cause says why. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
  /** `host:port`, for people. */
  readonly host: string;

  /** @param why without anything of the URL but the host */
  constructor(host: string, why: string, cause: unknown) {
    super(`No session of ${host} could be opened (${why})`, { cause });
    this.host = host;
  }
}

/** A failure of Postgres that passes, as a Problem. Anything else is a fault of ours, and stays as it is. */
export function fromPostgres(error: unknown): Problem | undefined {
  if (unreachableIn(error))
    return new Problem('dependency-unavailable', 'The database is not available.', {
      cause: error,
    });
  const { code = '', message } = asPostgresError(error);
  const transient = TRANSIENT.find(([pattern]) => pattern.test(code));
  if (transient) return new Problem(transient[1], transient[2], { cause: error });
  const driver = OF_THE_DRIVER.find(([pattern]) => pattern.test(message));
  return driver && new Problem(driver[1], 'The database is not available.', { cause: error });
}

/** Drizzle wraps what was thrown here. */
export const unreachableIn = (error: unknown): DatabaseUnreachable | undefined =>
  [error, (error as { cause?: unknown }).cause].find((one) => one instanceof DatabaseUnreachable);

/** The driver's error inside of those that wrap it; drizzle's message holds the parameters. */
export function asPostgresError(error: unknown): PostgresError {
  const { cause } = error as { cause?: unknown };
  if (error instanceof DatabaseUnreachable) return (cause ?? error) as PostgresError;
  if (cause instanceof DatabaseUnreachable) return asPostgresError(cause);
  const inner = typeof cause === 'object' && cause !== null && 'code' in cause ? cause : error;
  return inner as PostgresError;
}

export const isSerializationFailure = (error: unknown): boolean =>
  ['40001', '40P01'].includes(asPostgresError(error).code ?? '');

/**
 * Nothing was done, because of what this session is and another one may not be: read-only (it was
 * opened before a failover), or with prepared statements that a migration or a pooler made useless.
 */
export const isRefusedBySession = (error: unknown): boolean => {
  const { code = '', routine } = asPostgresError(error);
  return ['25006', '26000'].includes(code) || routine === 'RevalidateCachedQuery';
};

/** All other sessions of the same age are likely to be as useless: they were refused, or shut down (57P01 to 57P03). */
export const meansRenewal = (error: unknown): boolean =>
  isRefusedBySession(error) || /^57P0[123]$/.test(asPostgresError(error).code ?? '');

/** Also over: transaction timeouts, whatever concerns the connection (08, 57P), a statement prepared twice. */
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

import { Problem, type ProblemSlug } from '../problem.ts';

interface PostgresError {
  readonly code: string | undefined;
  readonly message: string;
  readonly constraint?: string;
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

/** What `pg` itself says, without a code. */
const UNANSWERED = /Query read timeout/i;
const OF_THE_DRIVER: readonly (readonly [RegExp, ProblemSlug])[] = [
  [UNANSWERED, 'dependency-timeout'],
  [
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|not queryable/i,
    'dependency-unavailable',
  ],
];

/** A failure of Postgres that passes, as a Problem. Anything else is a fault of ours, and stays as it is. */
export function fromPostgres(error: unknown): Problem | undefined {
  const { code = '', message } = asPostgresError(error);
  const transient = TRANSIENT.find(([pattern]) => pattern.test(code));
  if (transient) return new Problem(transient[1], transient[2], { cause: error });
  const driver = OF_THE_DRIVER.find(([pattern]) => pattern.test(message));
  return driver && new Problem(driver[1], 'The database is not available.', { cause: error });
}

/** Drizzle wraps what the driver threw, and its message holds the parameters. */
export function asPostgresError(error: unknown): PostgresError {
  const { cause } = error as { cause?: unknown };
  const inner = typeof cause === 'object' && cause !== null && 'code' in cause ? cause : error;
  return inner as PostgresError;
}

export const isSerializationFailure = (error: unknown): boolean =>
  ['40001', '40P01'].includes(asPostgresError(error).code ?? '');

/** Whether the server said nothing within the time, so that the connection is of no more use. */
export const isUnanswered = (error: unknown): boolean =>
  UNANSWERED.test(asPostgresError(error).message);

export const isUniqueViolation = (error: unknown, constraint: string): boolean => {
  const { code, constraint: violated } = asPostgresError(error);
  return code === '23505' && violated === constraint;
};

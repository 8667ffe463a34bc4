import { asPostgresError, fromPostgres } from '../../db/problems.ts';

/** True if the database is at fault. A statement timeout counts against the event, which may be its cause. */
export function isDatabaseFault(error: unknown): boolean {
  return fromPostgres(error) !== undefined && !isTimeout(error);
}

export const isTimeout = (error: unknown): boolean =>
  fromPostgres(error)?.slug === 'dependency-timeout';

/** True if the database is unreachable or read-only. SQLSTATE classes 40, XX and 58 do not count: an event may cause them. */
export function isOutage(error: unknown): boolean {
  const { code = '' } = asPostgresError(error);
  return isDatabaseFault(error) && !/^(40|XX|58)/.test(code);
}

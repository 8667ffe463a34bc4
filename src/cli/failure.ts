import { Refused } from '../clients/registered.ts';
import { ConfigError } from '../config/config.ts';
import { MigrationBlocked, MigrationClash } from '../db/migration-run.ts';
import { explainDatabase } from '../db/explain.ts';
import { asPostgresError, DatabaseUnreachable, fromPostgres } from '../db/problems.ts';
import { Problem } from '../core/problem.ts';
import { forPlatformTeam, fromWorkos } from '../workos/problems.ts';
import { UsageError } from './arguments.ts';
import { NotTheOwner } from './owner.ts';

/** The exit code and messages of a failed command. Never a stack. */
export interface Failure {
  readonly code: 1 | 2;
  readonly lines: readonly string[];
}

/** Errors whose messages say what is wrong and what to do. */
const FOR_OPERATORS = [MigrationBlocked, MigrationClash, NotTheOwner, Refused, Problem];

export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError) return { code: 2, lines: error.problems };
  if (error instanceof ConfigError) return { code: 1, lines: error.problems };
  if (error instanceof Error && FOR_OPERATORS.some((kind) => error instanceof kind))
    return refused(error.message);
  const upstream = fromWorkos(error);
  if (upstream) return refused(`${forPlatformTeam(upstream)} Run gatehouse doctor.`);
  if (error instanceof DatabaseUnreachable)
    return refused(
      `The database at ${error.host} cannot be used: ${explainDatabase(error).replaceAll('DATABASE_URL', error.setting)}.`,
    );
  return postgresFailure(error) ?? portFailure(error) ?? refused(`Unexpected: ${messageOf(error)}`);
}

const refused = (line: string): Failure => ({ code: 1, lines: [line] });

/**
 * SQLSTATEs of an unknown table, column or schema: the program is newer than the database, or the role's
 * `search_path` does not lead to the tables.
 */
const OUTDATED_SCHEMA = ['42P01', '42703', '3F000'];

/** Never includes `detail`, which may hold values. */
function postgresFailure(error: unknown): Failure | undefined {
  const { code = '', message } = asPostgresError(error);
  // Postgres's own message about a missing privilege names the table, which the problem does not.
  const temporary = code === '42501' ? undefined : fromPostgres(error);
  if (temporary) return refused(`${temporary.message} (${explainDatabase(error)})`);
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined;
  if (OUTDATED_SCHEMA.includes(code))
    return refused(
      'The database is not up to date: run gatehouse migrate; if that changes nothing, gatehouse doctor',
    );
  return refused(`The database refused: ${message} (${explainDatabase(error)})`);
}

function portFailure(error: unknown): Failure | undefined {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') return undefined;
  return refused(
    `Port ${String(port)} is in use; stop the process that uses it, or choose another`,
  );
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);

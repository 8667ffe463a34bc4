import type { Secret } from '../../core/secret.ts';
import { explainDatabase, hostOf } from '../../db/explain.ts';
import { asPostgresError } from '../../db/problems.ts';
import { fault, type Finding } from './check.ts';

/**
 * A database that a setting names and that cannot be used. The explanation ends in what to do.
 *
 * @param name the setting
 */
export const unusable = (name: string, url: Secret, error: unknown): Finding =>
  fault(
    `the database at ${hostOf(url)} cannot be used: ${explainDatabase(error)}`.replaceAll(
      'DATABASE_URL',
      name,
    ),
    remedyFor(name, error),
  );

/** Chooses the remedy by the SQLSTATE or the code of the socket. */
function remedyFor(name: string, error: unknown): string {
  const { code = '', message } = asPostgresError(error);
  if (/does not support SSL/i.test(message))
    return `Turn on TLS in Postgres (ssl = on), or correct sslmode in ${name}: without it, nothing is encrypted.`;
  if (code.startsWith('28'))
    return `Correct user and password in ${name}, or set the role's password in Postgres (and see pg_hba.conf).`;
  if (code === '3D000') return `Correct the database's name in ${name}, or create the database.`;
  if (code === '53300') return 'Lower DATABASE_POOL_MAX, or raise max_connections of Postgres.';
  if (code.startsWith('57P0')) return 'Wait until Postgres has started, and see its log.';
  if (code === '08P01')
    return 'See “Behind PgBouncer” in docs/operating.md: most often ignore_startup_parameters is missing.';
  if (/CERT|SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO|SSL|EPROTO|HOSTNAME/.test(code))
    return `Correct sslmode and sslrootcert in ${name}, or the certificate of Postgres.`;
  if (/^(ENOENT|EACCES|EISDIR)$/.test(code))
    return `Mount the file, or correct its path in ${name}.`;
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return `Correct the host name in ${name}, or DNS.`;
  return `Correct host and port in ${name}, or start Postgres there and allow connections from here.`;
}

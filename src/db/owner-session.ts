import pg from 'pg';
import type { Secret } from '../core/secret.ts';
import { explainDatabase, hostOf } from './explain.ts';
import { COMMAND_CONNECT_MS } from './opening.ts';
import { DatabaseUnreachable } from './problems.ts';

export interface SessionOptions {
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
  /** 0 for none. */
  readonly statementTimeoutMs: number;
}

/** Opens a session for work that may take longer than a request may, and ends it afterwards. */
export async function withSession<T>(
  url: Secret,
  { name, statementTimeoutMs }: SessionOptions,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connected(url, name).catch((cause: unknown) => {
    throw new DatabaseUnreachable(hostOf(url), explainDatabase(cause), cause);
  });
  try {
    // Not a start-up parameter: the role may have a limit of its own, and a pooler may refuse it.
    await client.query(`set statement_timeout = ${statementTimeoutMs}`);
    // By default, a schema of the role's name comes first, and new tables would be created there.
    await client.query('set search_path = public');
    return await use(client);
  } finally {
    await client.end();
  }
}

async function connected(url: Secret, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url.reveal(),
    connectionTimeoutMillis: COMMAND_CONNECT_MS,
    keepAlive: true,
    application_name: name,
  });
  // A connection that breaks between two statements fails the next one.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

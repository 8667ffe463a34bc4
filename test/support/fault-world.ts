import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/dev/embedded-postgres.ts';
import { createDatabase, createRoles, RUNTIME } from '../../src/dev/roles.ts';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { SCOPES } from '../../src/core/identity.ts';
import { Secret } from '../../src/core/secret.ts';
import { REDIRECT_URI } from './sign-in.ts';
import type { TestClient } from './test-app.ts';

const CLIENT_ID = 'faults';

/** A Postgres and a WorkOS that a test may do anything to, and what a real process needs to use them. */
export interface FaultWorld {
  /** Settings for `gatehouse serve`. */
  readonly env: Readonly<Record<string, string>>;
  /** Settings for commands of the tables' owner, e.g. `gatehouse maintain`. */
  readonly ownerEnv: Readonly<Record<string, string>>;
  readonly workos: FakeWorkos;
  /** May do everything. */
  readonly client: TestClient;
  /** Makes a client with every scope for some tenants. */
  createClient(id: string, tenants: readonly string[]): Promise<TestClient>;
  readonly postgresPort: number;
  superuser<R extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** Stops every process of Postgres where it stands; resolves to what lets them go on. */
  freezePostgres(): Promise<() => void>;
  /** One call with the client's key, for an IT admin. */
  call(url: string, method: string, path: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfter: string | null;
  readonly tookMs: number;
}

/** @param start starts the Postgres; default: the embedded one in a directory of its own */
export async function startFaultWorld(
  start: () => Promise<EmbeddedPostgres> = startThrowAwayPostgres,
): Promise<FaultWorld> {
  const [postgres, workos] = await Promise.all([start(), startFakeWorkos()]);
  const stop = () => Promise.all([postgres.stop(), workos.stop()]);
  const { ownerUrl, runtimeUrl, key } = await prepare(postgres).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const superuserUrl = new URL(postgres.superuserUrl);
  superuserUrl.pathname = '/gatehouse';
  const pool = new pg.Pool({ connectionString: superuserUrl.href, max: 3 });
  pool.on('error', () => undefined);
  const superuser = async <R extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ) => (await pool.query<R>(sql, [...values])).rows;

  const env = {
    NODE_ENV: 'test',
    PUBLIC_URL: 'http://localhost:8080',
    DATABASE_URL: runtimeUrl,
    WORKOS_API_KEY: workos.apiKey,
    WORKOS_CLIENT_ID: workos.clientId,
    WORKOS_API_BASE_URL: workos.url,
    WORKOS_EXTERNAL_ID_PREFIX: 'gh:test:',
    PORTAL_LINK_HOSTS: '127.0.0.1',
    SHUTDOWN_DELAY_MS: '0',
  };

  return {
    env,
    ownerEnv: { ...env, DATABASE_MIGRATION_URL: ownerUrl },
    workos,
    client: { id: CLIENT_ID, key },
    createClient: (id, tenants) => makeClient(runtimeUrl, { id, tenants }),
    postgresPort: postgres.port,
    superuser,
    async freezePostgres() {
      const backends = await superuser<{ pid: number }>('select pid from pg_stat_activity');
      const [file] = await superuser<{ text: string }>(
        `select pg_read_file('postmaster.pid') as text`,
      );
      const pids = [Number.parseInt(file?.text ?? ''), ...backends.map(({ pid }) => pid)];
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      };
    },
    call: (url, method, path, body) => call(key, url, method, path, body),
    async stop() {
      await pool.end();
      await stop();
    },
  };
}

/** A migrated database with one client. */
async function prepare({ superuserUrl }: EmbeddedPostgres) {
  await createRoles(superuserUrl);
  const { ownerUrl, runtimeUrl } = await createDatabase(superuserUrl, 'gatehouse');
  await migrate(new Secret(ownerUrl), RUNTIME);
  const { key } = await makeClient(runtimeUrl, { id: CLIENT_ID });
  return { ownerUrl, runtimeUrl, key };
}

async function startThrowAwayPostgres(): Promise<EmbeddedPostgres> {
  const base = newDirectory();
  const postgres = await startEmbeddedPostgres(join(base, 'data'), { durable: false });
  return {
    ...postgres,
    async stop() {
      await postgres.stop();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** An empty directory that Postgres, which may run as another user, can reach. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
  chmodSync(directory, 0o755);
  return directory;
}

/** A client with every scope; without `tenants`, of every tenant. */
async function makeClient(
  runtimeUrl: string,
  { id, tenants = ['*'] }: { readonly id: string; readonly tenants?: readonly string[] },
): Promise<TestClient> {
  const db = openDatabase({ url: new Secret(runtimeUrl), max: 1, connectMs: 30_000 });
  const client = {
    id,
    name: 'Faults',
    scopes: [...SCOPES],
    tenants: [...tenants],
    redirectUris: [REDIRECT_URI],
    returnOrigins: [],
    initiateLoginUri: null,
    tokenIssuer: null,
    tokenSubject: null,
    disabled: false,
  };
  const issued = await createClientRegistry(db).create(operator('test'), client, {
    seconds: null,
  });
  await db.close();
  return { id, key: issued?.key.reveal() ?? '' };
}

async function call(
  key: string,
  url: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      'gatehouse-user-id': 'ada',
      'gatehouse-user-roles': 'it_admin',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return {
    status: response.status,
    code: typeof parsed.code === 'string' ? parsed.code : undefined,
    body: parsed,
    retryAfter: response.headers.get('retry-after'),
    tookMs: performance.now() - began,
  };
}

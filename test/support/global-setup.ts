import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.ts';
import { createDatabase, createRoles, dropDatabase, RUNTIME } from '../../src/dev/roles.ts';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.ts';
import { Secret } from '../../src/core/secret.ts';

export const TEMPLATE = 'gatehouse_template';

interface Cluster {
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

declare global {
  var cluster: Cluster | undefined;
}

/** One cluster for the whole run, with a migrated template that each test file clones. */
export default async function setUp(): Promise<void> {
  const cluster = await startCluster();
  globalThis.cluster = cluster;
  process.env.TEST_SUPERUSER_URL = cluster.superuserUrl;
  await createRoles(cluster.superuserUrl);
  await dropDatabase(cluster.superuserUrl, TEMPLATE);
  const { ownerUrl } = await createDatabase(cluster.superuserUrl, TEMPLATE);
  await migrate(new Secret(ownerUrl), RUNTIME);
}

/** `TEST_DATABASE_URL`: yours (as a superuser). `TEST_DATABASE=container`: a container's. Else the embedded one. */
function startCluster(): Promise<Cluster> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return Promise.resolve({ superuserUrl: given, stop: () => Promise.resolve() });
  return process.env.TEST_DATABASE === 'container' ? startContainer() : startEmbedded();
}

async function startContainer(): Promise<Cluster> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:17').start();
  return {
    superuserUrl: container.getConnectionUri(),
    stop: async () => {
      await container.stop();
    },
  };
}

/** What hundreds of small databases that live for seconds have no use for. */
const THROW_AWAY = [
  'autovacuum=off',
  'jit=off',
  'io_method=sync',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_parallel_workers_per_gather=0',
];

async function startEmbedded(): Promise<Cluster> {
  const base = mkdtempSync(join(directoryForDatabases(), 'gatehouse-test-'));
  // Postgres may run as another user, who has to get through to its directory.
  chmodSync(base, 0o755);
  const postgres = await startEmbeddedPostgres(join(base, 'data'), {
    durable: false,
    settings: THROW_AWAY,
  });
  return {
    superuserUrl: postgres.superuserUrl,
    stop: async () => {
      await postgres.stop();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** Memory if there are two spare GB of it: a database is then cloned in a tenth of the time. */
function directoryForDatabases(): string {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 2 * 1024 ** 3 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { pino } from 'pino';
import type { Terminal } from '../../src/cli/output.ts';
import { serviceCommand } from '../../src/cli/service.ts';
import { loadConfig } from '../../src/config/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { migrate, pendingMigrations } from '../../src/db/migrate.ts';
import * as schema from '../../src/db/schema/index.ts';
import { createDatabase, dropDatabase, RUNTIME } from '../../src/dev/roles.ts';
import { startGateway } from '../../src/process/gateway.ts';
import { Secret } from '../../src/core/secret.ts';
import { entriesOf, MIGRATIONS, withLater } from '../support/later-migrations.ts';
import { runGatehouse } from '../support/gatehouse-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const LATER = { '9999_later': 'ALTER TABLE "tenants" ADD COLUMN "later" text;' };

/** An empty database, as an operator would prepare it. */
async function emptyDatabase(name: string) {
  const cluster = process.env.TEST_SUPERUSER_URL ?? '';
  await dropDatabase(cluster, name);
  const { ownerUrl, runtimeUrl } = await createDatabase(cluster, name);
  const db = openDatabase({ url: new Secret(runtimeUrl), max: 2, connectMs: 30_000 });
  return {
    ownerUrl,
    runtimeUrl,
    db,
    async stop() {
      await db.close();
      await dropDatabase(cluster, name);
    },
  };
}

const logger = pino({ level: 'silent' });
const configFor = (databaseUrl: string, externalIdPrefix = 'gh:test:') =>
  loadConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    PUBLIC_URL: 'http://localhost:8080',
    DATABASE_URL: databaseUrl,
    WORKOS_API_KEY: 'sk_test_1234',
    WORKOS_CLIENT_ID: 'client_1',
    WORKOS_API_BASE_URL: 'http://127.0.0.1:9',
    WORKOS_EXTERNAL_ID_PREFIX: externalIdPrefix,
  });

describe('the migrations', () => {
  it('create the schema that the code declares', async () => {
    const entries = entriesOf(MIGRATIONS);
    const number = String(entries.length - 1).padStart(4, '0');
    const snapshot = JSON.parse(
      readFileSync(join(MIGRATIONS, `meta/${number}_snapshot.json`), 'utf8'),
    ) as { readonly id: string };

    // Their types lean on packages that are not installed.
    const declared: unknown = generateDrizzleJson(schema, snapshot.id);
    const drift = await generateMigration(snapshot, declared);

    expect(drift).toEqual([]);
  });

  it('are applied once, however many start at the same time', async () => {
    const database = await emptyDatabase('test_migrate_parallel');
    const owner = new Secret(database.ownerUrl);

    await Promise.all([1, 2, 3, 4].map(() => migrate(owner, RUNTIME)));

    const applied = await database.db.query('select 1 from drizzle.__drizzle_migrations');
    expect(applied).toHaveLength(entriesOf(MIGRATIONS).length);
    expect(await pendingMigrations(database.db)).toEqual([]);
    await database.stop();
  });
});

describe('gatehouse migrate', () => {
  it('brings an empty database up to date as the owner, and grants the runtime role its rights', async () => {
    const database = await emptyDatabase('test_migrate_command');
    const env = { DATABASE_URL: database.runtimeUrl, DATABASE_MIGRATION_URL: database.ownerUrl };

    const { code, err } = await runGatehouse(['migrate'], env);

    expect([code, err]).toEqual([0, 'The database is up to date.\n']);
    expect(await database.db.query('select * from tenants')).toEqual([]);
    await database.stop();
  });
});

describe('gatehouse serve', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.stop());

  /** As the command does, to its end. */
  async function serveOn(databaseUrl: string, externalIdPrefix = 'gh:test:') {
    let err = '';
    const terminal: Terminal = {
      shown: false,
      attended: false,
      out: () => undefined,
      err: (text) => void (err += text),
      ask: () => Promise.resolve(''),
    };
    const config = configFor(databaseUrl, externalIdPrefix);
    return { code: await serviceCommand(startGateway, config, logger, terminal), err };
  }

  it('runs on a database that a later release has migrated', async () => {
    await migrate(new Secret(database.ownerUrl), RUNTIME, { folder: withLater(LATER) });

    const gatehouse = await startGateway(configFor(database.url), logger);
    const ready = await gatehouse.ready.then(() => true);
    await gatehouse.stop();

    expect(ready).toBe(true);
  });

  it('ends with 1 and the command to run when a migration is missing', async () => {
    const empty = await emptyDatabase('test_serve_pending');

    const { code, err } = await serveOn(empty.runtimeUrl);

    expect(code).toBe(1);
    expect(err).toMatch(
      /^gatehouse: The database lacks \d+ migration\(s\) \(.*0000_first.*\): run "gatehouse migrate" first\.\n$/,
    );
    await empty.stop();
  });

  it('ends with 1 and the setting’s name when the prefix of external ids has changed', async () => {
    const first = await startGateway(configFor(database.url), logger);
    await first.ready;
    await first.stop();

    const { code, err } = await serveOn(database.url, 'gh:other:');

    expect(code).toBe(1);
    expect(err).toMatch(/^gatehouse: WORKOS_EXTERNAL_ID_PREFIX: differs/);
    expect(err).not.toMatch(/gh:(other|test):/);
  });
});

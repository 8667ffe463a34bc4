import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate, pendingMigrations } from '../../src/db/migrate.ts';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { createDatabase, dropDatabase, RUNTIME, type Roles } from '../../src/dev/roles.ts';
import { Secret } from '../../src/core/secret.ts';
import { upTo } from '../support/later-migrations.ts';

const NAME = 'test_migrate_at_size';
const cluster = process.env.TEST_SUPERUSER_URL ?? '';
let roles: Roles;
let db: Database;

beforeAll(async () => {
  await dropDatabase(cluster, NAME);
  roles = await createDatabase(cluster, NAME);
  await migrate(new Secret(roles.ownerUrl), RUNTIME, { folder: upTo('0002_events_and_objects') });
  await fill(roles.ownerUrl);
  db = openDatabase({ url: new Secret(roles.runtimeUrl), max: 4 });
});
afterAll(async () => {
  await db.close();
  await dropDatabase(cluster, NAME);
});

const TENANTS = 300_000;
const LAUNCHES = 1_000_000;

async function fill(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(
    `insert into tenants (id, organization_id, status, name, domains, metadata)
     select 't-' || n, 'org_' || n, 'active', 'Tenant ' || n, '[]', '{}' from generate_series(1, $1::int) n`,
    [TENANTS],
  );
  await owner.query(
    `insert into portal_launches (id, tenant_id, client_id, user_id, intent, mode, role_source,
       needs_signed_in_user, return_page, it_contact_emails, expires_at)
     select 'l-' || n, 't-' || (n % $2::int), 'client', 'ada', 'sso', 'redirect', 'registry',
       false, true, '{}', now() from generate_series(1, $1::int) n`,
    [LAUNCHES, TENANTS],
  );
  await owner.end();
}

/** One statement after the other until `done`, each timed. */
async function writeUntil(done: Promise<unknown>, write: (round: number) => Promise<unknown>) {
  const tookMs: number[] = [];
  const state = { ended: false };
  const end = () => (state.ended = true);
  done.then(end, end);
  while (!state.ended) {
    const began = performance.now();
    await write(tookMs.length);
    tookMs.push(performance.now() - began);
  }
  return tookMs;
}

describe('gatehouse migrate on 300,000 tenants and 1,000,000 launches', () => {
  it('holds up no write for half a second, and fails none', async () => {
    const began = performance.now();
    const migrating = migrate(new Secret(roles.ownerUrl), RUNTIME);

    const [tenants, launches] = await Promise.all([
      writeUntil(migrating, (round) =>
        db.query('update tenants set updated_at = now() where id = $1', [`t-${(round % 999) + 1}`]),
      ),
      writeUntil(migrating, (round) =>
        db.query('update portal_launches set opened_at = now() where id = $1', [
          `l-${(round % 999) + 1}`,
        ]),
      ),
    ]);
    await migrating;

    const slowest = Math.max(...tenants, ...launches);
    process.stdout.write(
      `migrated in ${Math.round(performance.now() - began)} ms beside ${tenants.length + launches.length} writes, slowest ${Math.round(slowest)} ms\n`,
    );
    expect(slowest).toBeLessThan(500);
    expect(await pendingMigrations(db)).toEqual([]);
  });
});

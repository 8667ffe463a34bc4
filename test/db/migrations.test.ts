import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { describeFailure } from '../../src/cli/failure.ts';
import { MIGRATION_LOCK } from '../../src/db/maintenance-functions.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Progress } from '../../src/db/migration-run.ts';
import { RUNTIME } from '../../src/dev/roles.ts';
import { Secret } from '../../src/core/secret.ts';
import { entriesOf, MIGRATIONS, withLater } from '../support/later-migrations.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { within } from '../support/within.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.stop());

const migrateWith = (later: Readonly<Record<string, string>>, report?: (p: Progress) => void) =>
  migrate(new Secret(database.ownerUrl), RUNTIME, {
    folder: withLater(later),
    ...(report && { report }),
  });
const migrateAgain = () => migrate(new Secret(database.ownerUrl), RUNTIME);

const ADD_COLUMN = { '9998_later': 'ALTER TABLE "tenants" ADD COLUMN "later" text;' };

/** What Postgres keeps of tables and queues; a row that was written anew has another `xmin`. */
const catalog = () =>
  database.superuser(
    `select c.relname, c.xmin::text, c.relacl::text from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname in ('public', 'drizzle', 'pgboss')
     union all select 'queue ' || name, xmin::text, null from pgboss.queue order by 1`,
  );
const rights = async (table: string) =>
  (
    await database.superuser<{ privilege: string }>(
      `select lower(a.privilege_type) as privilege from pg_class c, aclexplode(c.relacl) a
       where c.oid = $1::regclass and a.grantee = $2::regrole order by 1`,
      [table, RUNTIME],
    )
  ).map(({ privilege }) => privilege);
const indexes = (name: string) =>
  database.superuser<{ oid: string; valid: boolean }>(
    'select indexrelid::text as oid, indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    [name],
  );

describe('gatehouse migrate with nothing pending', () => {
  it('writes to no table, right or queue', async () => {
    const before = await catalog();

    await migrateAgain();

    expect(await catalog()).toEqual(before);
  });

  it('grants a missing right and revokes a surplus one', async () => {
    await database.superuser(`revoke update on tenants from ${RUNTIME}`);
    await database.superuser(`grant delete, truncate on audit_trail to ${RUNTIME}`);

    await migrateAgain();

    expect(await rights('tenants')).toEqual(['insert', 'select', 'update']);
    expect(await rights('audit_trail')).toEqual(['insert', 'select']);
  });

  it('leaves a right that a later release has granted', async () => {
    await migrateWith(ADD_COLUMN);
    await database.superuser(`grant delete on tenants to ${RUNTIME}`);

    await migrateAgain();

    expect(await rights('tenants')).toEqual(['delete', 'insert', 'select', 'update']);
  });
});

describe('a migration that has to wait for a lock', () => {
  it('lets other statements pass between its attempts, and is applied once the lock is free', async () => {
    const reader = new pg.Client({ connectionString: database.ownerUrl });
    await reader.connect();
    await reader.query('begin');
    await reader.query('select from tenants');
    const writes: number[] = [];
    const write = async () => {
      const began = performance.now();
      await database.db.query('update tenants set name = name');
      writes.push(performance.now() - began);
    };

    let waits = 0;
    const applying = migrateWith(ADD_COLUMN, ({ what }) => {
      if (what === 'waiting for a lock') waits += 1;
    });
    while (waits < 3) await write();
    await reader.query('commit');
    await applying;
    await reader.end();

    expect(Math.max(...writes)).toBeLessThan(within(500));
    expect(await database.superuser('select later from tenants')).toEqual([]);
  });
});

const INDEX = `-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_first" ON "tenants" USING btree ("name");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_second" ON "tenants" USING btree ("status");`;

describe('a migration without a transaction', () => {
  it('resumes after a crash: a complete index stays, an interrupted one is built again', async () => {
    await database.superuser('create index tenants_first on tenants (name)');
    await database.superuser('create index tenants_second on tenants (status)');
    await database.superuser(
      `update pg_index set indisvalid = false where indexrelid = 'tenants_second'::regclass`,
    );
    await database.superuser('alter index tenants_second owner to gatehouse_owner');
    const [first] = await indexes('tenants_first');
    const [second] = await indexes('tenants_second');

    await migrateWith({ '9998_indexes': INDEX });

    expect(await indexes('tenants_first')).toEqual([first]);
    expect(await indexes('tenants_second')).toEqual([
      { oid: expect.not.stringMatching(`^${second?.oid}$`), valid: true },
    ]);
  });

  it('says that it waits for another one', async () => {
    const other = new pg.Client({ connectionString: database.ownerUrl });
    await other.connect();
    await other.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const said: string[] = [];
    const waiting = Promise.withResolvers<undefined>();

    const migrating = migrateWith({}, ({ what }) => {
      said.push(what);
      waiting.resolve(undefined);
    });
    await waiting.promise;
    await other.end();
    await migrating;

    expect(said).toEqual(['waiting for another migrate or maintain']);
  });

  it('is not blocked by another migrate that waits', async () => {
    const later = { '9998_indexes': INDEX };

    await Promise.all([migrateWith(later), migrateWith(later), migrateWith(later)]);

    expect(await indexes('tenants_second')).toMatchObject([{ valid: true }]);
  });
});

describe('several migrations', () => {
  it('are applied one by one, so that the next run resumes at the one that failed', async () => {
    const good = 'ALTER TABLE "tenants" ADD COLUMN "later" text;';
    const bad = good;

    await expect(migrateWith({ '9997_good': good, '9998_bad': bad })).rejects.toThrow(
      /already exists/,
    );
    await migrateWith({
      '9997_good': good,
      '9998_mended': 'ALTER TABLE "tenants" ADD COLUMN "latest" text;',
    });

    expect(await database.superuser('select later, latest from tenants')).toEqual([]);
  });

  it('create a table and grant its rights in one transaction', async () => {
    await database.superuser('drop table leases');

    await migrateWith({
      '9998_leases': 'CREATE TABLE "leases" ("name" text PRIMARY KEY NOT NULL);',
    });

    expect(await rights('leases')).toEqual(['insert', 'select', 'update']);
    // A grant in a later transaction would have written the table's row anew, and not its column's.
    const [made] = await database.superuser(
      `select c.xmin::text = a.xmin::text as "atOnce" from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'name'
       where c.oid = 'leases'::regclass`,
    );
    expect(made).toEqual({ atOnce: true });
  });
});

describe('a migration that was not recorded', () => {
  it('says so, with the statement that records it', async () => {
    await database.superuser('delete from drizzle.__drizzle_migrations where created_at = $1', [
      entriesOf(MIGRATIONS).find(({ tag }) => tag === '0027_launch_mails')?.when,
    ]);

    const failure: unknown = await migrateAgain().catch((error: unknown) => error);
    const { lines } = describeFailure(failure);
    const [statement = ''] = /insert into .*$/.exec(lines.join()) ?? [];

    expect(lines.join()).toMatch(
      /^0027_launch_mails was not recorded, but relation "launch_mails" already exists: /,
    );
    await database.superuser(statement);
    await expect(migrateAgain()).resolves.toBeUndefined();
  });
});

describe('the migration files', () => {
  const files = entriesOf(MIGRATIONS).map(({ tag }) => tag);
  const textOf = (tag: string) => readFileSync(join(MIGRATIONS, `${tag}.sql`), 'utf8');

  it.each(files)('%s blocks no table that may have a million rows', (tag) => {
    const text = textOf(tag);
    const made = [...text.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, table]) => table);
    const indexed = [...text.matchAll(/CREATE (?:UNIQUE )?INDEX "\w+" ON "(\w+)"/g)];

    const concerned = indexed.filter(([, table]) => !made.includes(table));

    expect(concerned.map(([statement]) => statement)).toEqual([]);
    expect(text.includes('CONCURRENTLY') && !text.startsWith('-- no transaction\n')).toBe(false);
  });
});

import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import supertest from 'supertest';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { explainDatabase, hostOf } from '../../src/db/explain.ts';
import { Secret } from '../../src/core/secret.ts';
import { startGateway, type Gatehouse } from '../../src/process/gateway.ts';
import { holdLock } from '../support/interleave.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

const app = useGatehouse({ env: { DATABASE_POOL_MAX: '10' } });
let client: TestClient;
let replica: Gatehouse;
let db: Database;
beforeAll(async () => {
  client = await app.createClient();
  await app.provision('acme');
  replica = await app.startReplica();
});

const put = (id: string) => app.as(client).put(`/v1/tenants/${id}`).send({ name: id });
const read = () => app.as(client).get('/v1/tenants/acme');
const readyz = () => supertest(`http://127.0.0.1:${replica.adminPort}`).get('/readyz');
const databaseName = () => new URL(app.database.url).pathname.slice(1);

async function setReadOnly(value: 'on' | 'off'): Promise<void> {
  await app.database.superuser('set default_transaction_read_only = off');
  await app.database.superuser(
    `alter database ${databaseName()} set default_transaction_read_only = ${value}`,
  );
}
/** Closes all sessions of Gatehouse and makes the next ones read-only. */
async function becomeReadOnly(): Promise<void> {
  await setReadOnly('on');
  await app.database.superuser(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'gatehouse%'`,
  );
  await waitFor(async () => (await read()).status === 200);
}
const aMoment = (ms: number) => {
  const began = performance.now();
  return waitFor(() => performance.now() - began > ms);
};

describe('sessions that are read-only after a failover', () => {
  it('are replaced at the first write that uses one, and no request fails', async () => {
    await becomeReadOnly();
    await Promise.all(Array.from({ length: 20 }, read));
    await setReadOnly('off');
    await aMoment(1_100);

    const writes = await Promise.all(Array.from({ length: 20 }, (_, i) => put(`after-${i}`)));

    expect(writes.map(({ status }) => status)).toEqual(writes.map(() => 201));
    expect((await readyz()).status).toBe(200);
  });

  it('do not make readiness true when the database itself is read-only', async () => {
    await becomeReadOnly();

    const [write, reading, ready] = await Promise.all([put('never'), read(), readyz()]);
    await setReadOnly('off');

    expect([write.status, (write.body as { code: string }).code]).toEqual([
      503,
      'dependency_read_only',
    ]);
    expect(reading.status).toBe(200);
    expect([ready.status, ready.text]).toEqual([
      503,
      expect.stringMatching(/^not ready\ndatabase: 25006: it takes no writes/),
    ]);
    await waitFor(async () => (await put('again')).status === 201, { withinMs: 5_000 });
    await waitFor(async () => (await readyz()).status === 200, { withinMs: 5_000 });
  });
});

describe('a session', () => {
  beforeEach(() => {
    db = openDatabase({ url: new Secret(app.database.url), max: 1 });
  });
  afterEach(() => db.close());
  const pid = async () =>
    (await db.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid;

  it.each([
    ['a constraint', `insert into tenants (id, name, status) values ('acme', 'x', 'active')`],
    ['a value', `select 'x'::int`],
    ['a statement that takes too long', 'select pg_sleep(3)'],
  ])('is kept after an error about %s', async (_what, statement) => {
    const before = await pid();

    await expect(db.query(statement)).rejects.toMatchObject({ severity: 'ERROR' });
    await expect(
      db.transaction(async (tx) => {
        await tx.query(statement);
      }),
    ).rejects.toMatchObject({ severity: 'ERROR' });

    expect(await pid()).toBe(before);
  });

  it('that the database ended is not used again', async () => {
    const before = await pid();
    const ended = db.query('select pg_terminate_backend(pg_backend_pid())');

    await expect(ended).rejects.toBeDefined();

    expect(await pid()).not.toBe(before);
  });

  it('whose prepared statement a migration made invalid is replaced, and the statement succeeds', async () => {
    await app.database.superuser('create table changing (id int)');
    await app.database.superuser('grant select on changing to public');
    const all = { name: 'all-of-changing', text: 'select * from changing' };
    await db.query(all);
    await app.database.superuser('alter table changing add column more text');
    await aMoment(1_100);

    expect(await db.query(all)).toEqual([]);
  });

  it('fails a transaction in which an error was ignored', async () => {
    const ignoring = db.transaction(async (tx) => {
      await tx.query('select 1/0').catch(() => undefined);
    });

    await expect(ignoring).rejects.toThrow('rolled back');
  });
});

describe('readiness', () => {
  it('answers at once and stays true while all sessions wait for a lock', async () => {
    // Each client has only its share of the sessions.
    const clients = await Promise.all(Array.from({ length: 6 }, () => app.createClient()));
    const lock = await holdLock({ url: app.database.ownerUrl }, 'lock table tenants');
    const lists = clients.flatMap((one) =>
      Array.from({ length: 10 }, () => app.as(one).get('/v1/tenants')),
    );
    const waiting = Promise.all(lists);
    await waitFor(async () => {
      const [row] = await app.database.superuser<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock'
         and datname = current_database()`,
      );
      return (row?.count ?? 0) > 5;
    });
    const began = performance.now();

    const { status } = await readyz();
    const tookMs = performance.now() - began;
    await lock.release();
    await waiting;

    expect(status).toBe(200);
    expect(tookMs).toBeLessThan(within(1_000));
  });

  it('names the missing migrations', async () => {
    const [last] = await app.database.superuser<{ id: number; hash: string; created_at: string }>(
      'delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations) returning *',
    );

    const { status, text } = await readyz();
    await app.database.superuser(
      'insert into drizzle.__drizzle_migrations (id, hash, created_at) values ($1, $2, $3)',
      [last?.id, last?.hash, last?.created_at],
    );

    expect([status, text]).toEqual([
      503,
      expect.stringMatching(
        /^not ready\ndatabase: lacks migrations \(.+\); run "gatehouse migrate"\n$/,
      ),
    ]);
    expect((await readyz()).text).toBe('ok\n');
  });

  it('names the issuer whose keys are not known, until they are', async () => {
    const userToken = app.config.userToken && {
      ...app.config.userToken,
      jwksUrl: new URL('http://127.0.0.1:9/jwks'),
    };
    const one = await startGateway({ ...app.config, userToken }, pino({ level: 'silent' }));
    await one.ready;

    const { status, text } = await supertest(`http://127.0.0.1:${one.adminPort}`).get('/readyz');
    await one.stop();

    expect([status, text]).toEqual([
      503,
      'not ready\nuser token keys: no usable key is known; see USER_TOKEN_JWKS_URL\n',
    ]);
  });
});

describe('the reason why a database cannot be used', () => {
  it.each([
    [{ code: '28P01' }, /^28P01: the user or the password is not accepted; see DATABASE_URL$/],
    [{ code: '3D000' }, /^3D000: there is no such database/],
    [{ code: 'ENOENT' }, /^ENOENT: a file named in DATABASE_URL/],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, /authority.*sslrootcert/],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /another host name/],
    [{ message: 'timeout exceeded when trying to connect' }, /^it did not answer in time$/],
    [{ message: 'postgres://u:secret@h/d' }, /^an error without a code$/],
  ])('has the error’s code and an instruction: %j', (error, expected) => {
    expect(explainDatabase(Object.assign(new Error(), error))).toMatch(expected);
  });

  it('names host and port, and neither user nor password', () => {
    expect(hostOf(new Secret('postgres://user:secret@db.internal/gatehouse'))).toBe(
      'db.internal:5432',
    );
    expect(hostOf(new Secret('postgres://user:secret@[::1]:6432/x'))).toBe('[::1]:6432');
    expect(hostOf(new Secret('not a URL'))).toBe('the host of DATABASE_URL');
  });
});

import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createOwnedStore } from '../../src/pass-through/forwarding/store.ts';
import { connect, REDIRECT_URI } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
  await gatehouse.database.superuser(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
  );
});
afterEach(() => gatehouse.database.superuser('drop trigger if exists refused on owned_objects'));

const refuse = (what: 'insert' | 'update') =>
  gatehouse.database.superuser(
    `create trigger refused before ${what} on owned_objects for each row execute function refuse()`,
  );

let made = 0;
const CALLS = {
  factor: [
    '/auth/factors/enroll',
    () => ({ type: 'totp', totp_issuer: 'Product', totp_user: 'ada@acme.example' }),
  ],
  user: ['/user_management/users', () => ({ email: `n${(made += 1)}@acme.example` })],
  passwordless_session: [
    '/passwordless/sessions',
    () => ({ type: 'MagicLink', email: 'ada@acme.example' }),
  ],
} as const;
type Kind = keyof typeof CALLS;
const KINDS = Object.keys(CALLS) as Kind[];

const make = (kind: Kind) => {
  const [path, body] = CALLS[kind];
  return gatehouse.as(client).post(path).send(body());
};
const requestsSince = (before: number) =>
  gatehouse.workos.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
const failedRow = async () => {
  const [row] = await gatehouse.database.superuser<{ outcome: string; details: object }>(
    'select outcome, details from audit_trail order by id desc limit 1',
  );
  return row;
};

describe('an object whose owner cannot be stored', () => {
  it.each(KINDS)('is not created: %s', async (kind) => {
    await refuse('insert');
    const before = gatehouse.workos.requests.length;

    const res = await make(kind);

    expect([res.status, res.body]).toMatchObject([503, { code: 'dependency_unavailable' }]);
    expect(res.headers['retry-after']).toMatch(/^\d+$/);
    expect(requestsSince(before)).toEqual([]);
    expect(await failedRow()).toMatchObject({ outcome: 'failed' });
  });

  it.each([
    ['factor', 'DELETE /auth/factors/'],
    ['user', 'DELETE /user_management/users/'],
  ] as const)('is deleted at WorkOS again, if it was created: %s', async (kind, undo) => {
    await refuse('update');
    const before = gatehouse.workos.requests.length;

    const res = await make(kind);

    expect([res.status, res.body]).toMatchObject([503, { code: 'dependency_unavailable' }]);
    expect(res.headers['retry-after']).toMatch(/^\d+$/);
    const row = await failedRow();
    expect(row).toMatchObject({ outcome: 'failed', details: { undone: true } });
    const undone = row?.details as { id: string } | undefined;
    expect(requestsSince(before).at(-1)).toBe(undo + String(undone?.id));
  });

  it('is neither reassigned nor deleted, if another client owns its id', async () => {
    const theirs = await make('factor');
    const other = await gatehouse.createClient();
    gatehouse.workos.fault(
      'POST /auth/factors/enroll',
      {
        kind: 'status',
        status: 201,
        body: theirs.body as object,
      },
      { times: 1 },
    );
    const before = gatehouse.workos.requests.length;

    const [path, body] = CALLS.factor;
    const res = await gatehouse.as(other).post(path).send(body());

    expect([res.status, res.body]).toMatchObject([502, { code: 'upstream_invalid_response' }]);
    expect(requestsSince(before)).toEqual(['POST /auth/factors/enroll']);
    const { id } = theirs.body as { id: string };
    expect((await gatehouse.as(client).get(`/auth/factors/${id}`)).status).toBe(200);
    expect((await gatehouse.as(other).get(`/auth/factors/${id}`)).status).toBe(404);
  });

  it('is named in the audit trail, if WorkOS cannot delete it', async () => {
    await refuse('update');

    const res = await make('passwordless_session');

    expect(res.status).toBe(503);
    expect(await failedRow()).toMatchObject({
      outcome: 'failed',
      details: { id: expect.stringMatching(/^\w+$/), undone: false },
    });
  });

  it.each(KINDS)('leaves no readable object behind: %s', async (kind) => {
    await make(kind).expect(201);
    await refuse('update');
    await make(kind).expect(503);

    const rows = await gatehouse.database.superuser(
      `select 1 from owned_objects where id like 'intent:%'`,
    );
    expect(rows).toEqual([]);
  });
});

describe('the stored owners of objects', () => {
  const ids = async () => {
    const rows = await gatehouse.database.superuser<{ id: string }>(
      `select id from owned_objects where id like 'kept%' or id like 'gone%' or id like 'intent:%' order by id`,
    );
    return rows.map(({ id }) => id);
  };
  const remember = (id: string, fields: Readonly<Record<string, unknown>> = {}) => {
    const row = { kind: 'factor', client: client.id, tenant: null, days: 0, ...fields };
    return gatehouse.database.superuser(
      `insert into owned_objects (kind, id, client_id, tenant_id, client_generation, created_at)
       select $1, $2, $3, $4, (select generation from clients where id = $3), now() - make_interval(days => $5)`,
      [row.kind, id, row.client, row.tenant, row.days],
    );
  };

  it('are deleted with their client, their tenant or after their time, and only then', async () => {
    await gatehouse.provision('short-lived');
    await gatehouse.as(client).delete('/v1/tenants/short-lived').expect(204);
    await remember('kept_old', { days: 400 });
    await remember('kept_of_tenant', { tenant: 'acme' });
    await remember('kept_challenge', { kind: 'challenge', days: 1 });
    await remember('gone_client', { client: 'nobody' });
    await remember('gone_tenant', { tenant: 'short-lived' });
    await remember('gone_challenge', { kind: 'challenge', days: 3 });
    await remember('intent:fresh');
    await remember('intent:left', { kind: 'user', days: 1 });

    const unsettled = await createOwnedStore(gatehouse.database.db).prune();

    expect(await ids()).toEqual(['intent:fresh', 'kept_challenge', 'kept_of_tenant', 'kept_old']);
    expect(unsettled).toMatchObject([{ kind: 'user', client: client.id, tenant: null }]);
  });

  it('are pruned in parts of limited size, and in the end all of them', async () => {
    await gatehouse.database.superuser(
      `insert into owned_objects (kind, id, client_id) select 'factor', 'gone_' || n, 'nobody' from generate_series(1, 12000) n`,
    );

    const { prune } = createOwnedStore(gatehouse.database.db);

    const gone = async () => (await ids()).filter((id) => id.startsWith('gone')).length;
    const [{ pages } = { pages: 0 }] = await gatehouse.database.superuser<{ pages: number }>(
      `select (pg_relation_size('owned_objects') / 8192)::int as pages`,
    );
    const most = Math.ceil(12_000 / pages) * 2;

    await prune({ mostPages: 1 });
    expect(await gone()).toBeGreaterThanOrEqual(12_000 - most);
    // From the middle on, past the end and to the page before the middle.
    await prune({ mostPages: pages - 1, random: () => 0.5 });
    expect(await gone()).toBeLessThanOrEqual(most);
    await prune();

    expect(await gone()).toBe(0);
  });
});

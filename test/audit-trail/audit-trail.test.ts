import { beforeAll, describe, expect, it } from '@jest/globals';
import { clientsCommand } from '../../src/cli/clients.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { GRANTS } from '../../src/db/grants.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let reader: TestClient;
let admin: string;
beforeAll(async () => {
  client = await gatehouse.createClient({ id: 'console' });
  reader = await gatehouse.createClient({ id: 'reader', scopes: ['audit_trail:read'] });
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly operation: string;
  readonly outcome: string;
  readonly client_id: string | null;
  readonly user_id: string | null;
  readonly tenant_id: string | null;
  readonly request_id: string;
  readonly details: Record<string, unknown>;
}
interface AuditTrail {
  readonly data: readonly Entry[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

const read = async (query: string, by = reader): Promise<AuditTrail> =>
  (await gatehouse.as(by).get(`/v1/audit-trail${query}`).expect(200)).body as AuditTrail;
const generateLink = (requestId: string) =>
  gatehouse
    .as(client, admin)
    .post('/portal/generate_link')
    .set('x-request-id', requestId)
    .send({ organization: 'acme', intent: 'sso' });

/** Runs with an audit trail that takes no rows. */
async function withoutAudit<T>(work: () => Promise<T>): Promise<T> {
  const { superuser } = gatehouse.database;
  await superuser(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'no audit today'; end $$`);
  await superuser(`create trigger refuse before insert on audit_trail execute function refuse()`);
  try {
    return await work();
  } finally {
    await superuser('drop trigger refuse on audit_trail');
    await superuser('drop function refuse');
  }
}

describe('listAuditTrail', () => {
  it('shows who did what to which tenant, with which outcome', async () => {
    const link = await generateLink('audited-request');

    const { data } = await read('?tenant_id=acme&user_id=ada&order=asc');

    const entries = data.filter(({ request_id }) => request_id === 'audited-request');
    expect(entries).toMatchObject(
      ['attempted', 'succeeded'].map((outcome) => ({
        object: 'audit_entry',
        operation: 'generatePortalLink',
        outcome,
        client_id: 'console',
        user_id: 'ada',
        tenant_id: 'acme',
        details: { intent: 'sso' },
      })),
    );
    expect(JSON.stringify(data)).not.toContain((link.body as { link: string }).link);
  });

  it('marks a user whom only the client has asserted', async () => {
    await gatehouse
      .as(client)
      .post('/portal/generate_link')
      .set({ 'gatehouse-user-id': 'grace', 'gatehouse-user-roles': 'it_admin' })
      .send({ organization: 'acme', intent: 'dsync' })
      .expect(201);

    const { data } = await read('?user_id=grace');

    expect(data[0]).toMatchObject({ details: { intent: 'dsync', user_asserted: true } });
  });

  it('records a failure of WorkOS', async () => {
    gatehouse.workos.fault(
      'POST /portal/generate_link',
      { kind: 'status', status: 422 },
      { times: 1 },
    );
    await generateLink('failing-request').expect(502);

    const { data } = await read('?tenant_id=acme');

    expect(data.slice(0, 2)).toMatchObject([{ outcome: 'failed' }, { outcome: 'attempted' }]);
  });

  it('filters by tenant, user, client and time', async () => {
    await gatehouse.provision('globex');
    const middle = (await read('?limit=1')).data[0]?.at ?? '';
    await gatehouse
      .as(client)
      .patch('/v1/tenants/globex')
      .send({ status: 'suspended' })
      .expect(200);

    const by = async (query: string) => (await read(`?limit=100&${query}`)).data;
    const [tenant, user, caller, until, nobody] = await Promise.all([
      by('tenant_id=globex'),
      by('user_id=ada'),
      by('client_id=console'),
      by(`until=${encodeURIComponent(middle)}`),
      by(`since=2100-01-01T00:00:00Z`),
    ]);

    expect(new Set(tenant.map(({ tenant_id }) => tenant_id))).toEqual(new Set(['globex']));
    expect(new Set(user.map(({ user_id }) => user_id))).toEqual(new Set(['ada']));
    expect(new Set(caller.map(({ client_id }) => client_id))).toEqual(new Set(['console']));
    expect(until.every(({ at }) => at <= middle)).toBe(true);
    expect(until.length).toBeGreaterThan(0);
    expect(nobody).toHaveLength(0);
    const since = await by(`since=${encodeURIComponent(middle)}`);
    expect(since[0]).toMatchObject({ operation: 'patchTenant', details: { status: 'suspended' } });
    expect(since.every(({ at }) => at >= middle)).toBe(true);
  });

  it('lists every entry once, in pages, forwards and backwards', async () => {
    for (let i = 0; i < 25; i += 1)
      await gatehouse
        .as(client)
        .put(`/v1/tenants/acme/it-admins/user-${i}`)
        .send({ state: 'granted' });

    const all = (await read('?limit=100&order=asc&client_id=console')).data.map(({ id }) => id);
    const forwards: string[] = [];
    let page = await read('?limit=7&order=asc&client_id=console');
    forwards.push(...page.data.map(({ id }) => id));
    while (page.list_metadata.after !== null) {
      page = await read(`?limit=7&order=asc&client_id=console&after=${page.list_metadata.after}`);
      forwards.push(...page.data.map(({ id }) => id));
    }
    const backwards = page.data.map(({ id }) => id);
    while (page.list_metadata.before !== null) {
      page = await read(`?limit=7&order=asc&client_id=console&before=${page.list_metadata.before}`);
      backwards.unshift(...page.data.map(({ id }) => id));
    }

    expect(all.length).toBeGreaterThan(25);
    expect(forwards).toEqual(all);
    expect(backwards).toEqual(all);
  });

  it('lists only the client’s own tenants, and actions without a tenant only for clients with *', async () => {
    const acmeOnly = await gatehouse.createClient({
      scopes: ['audit_trail:read'],
      tenants: ['acme'],
    });

    const [narrow, wide] = [await read('?limit=100', acmeOnly), await read('?limit=100')];
    const foreign = await read('?tenant_id=globex', acmeOnly);

    expect(new Set(narrow.data.map(({ tenant_id }) => tenant_id))).toEqual(new Set(['acme']));
    expect(wide.data.some(({ tenant_id }) => tenant_id === null)).toBe(true);
    expect(foreign.data).toHaveLength(0);
  });

  it('shows organization ids only to clients with tenants:adopt', async () => {
    const adopter = await gatehouse.createClient({ scopes: ['audit_trail:read', 'tenants:adopt'] });
    const query = '?tenant_id=acme&limit=100';

    const [seen, hidden] = await Promise.all([read(query, adopter), read(query)]);

    const named = ({ data }: AuditTrail) =>
      data.filter(({ details }) => 'organization_id' in details).map(({ operation }) => operation);
    expect(named(seen)).toEqual(['putTenant']);
    expect(named(hidden)).toEqual([]);
  });

  it('requires audit_trail:read', async () => {
    const other = await gatehouse.createClient({ scopes: ['tenants:read'] });

    const res = await gatehouse.as(other).get('/v1/audit-trail');

    expect(res.status).toBe(403);
  });

  it.each(['after', 'before'])(
    'refuses %s an entry that is not there, or no more',
    async (field) => {
      const res = await gatehouse.as(reader).get(`/v1/audit-trail?${field}=987654321`);

      expect([res.status, res.body]).toEqual([
        422,
        expect.objectContaining({ errors: [expect.objectContaining({ field })] }),
      ]);
    },
  );

  it('has an empty page after its last entry', async () => {
    const { data } = await read('?order=desc&limit=1');

    expect((await read(`?order=asc&after=${data[0]?.id ?? ''}`)).data).toEqual([]);
  });

  it.each([
    'after=x',
    'before=-1',
    'after=1&before=2',
    'since=yesterday',
    'until=2026-01-01',
    'tenant_id=org_x',
    'user_id=%C3%A4',
    'client_id=%00',
    'outcome=failed',
  ])('refuses ?%s', async (query) => {
    const res = await gatehouse.as(reader).get(`/v1/audit-trail?${query}`);

    expect(res.status).toBe(422);
  });
});

describe('an action that cannot be recorded', () => {
  const refusedStatuses = [500, 503];

  it('creates no link', async () => {
    const asked = gatehouse.workos.requests.length;

    const res = await withoutAudit(() => generateLink('unrecorded').then((one) => one));

    expect(refusedStatuses).toContain(res.status);
    expect(res.text).not.toMatch(/no audit today|"link"/);
    expect(gatehouse.workos.requests).toHaveLength(asked);
  });

  it.each([
    [
      'issues no ticket',
      () =>
        gatehouse
          .as(client, admin)
          .post('/v1/portal-launches')
          .send({ tenant_id: 'acme', intent: 'sso' }),
      'select count(*)::int as n from portal_launches',
    ],
    [
      'grants nothing',
      () => gatehouse.as(client).put('/v1/tenants/acme/it-admins/eve').send({ state: 'granted' }),
      `select count(*)::int as n from it_admins where user_id = 'eve'`,
    ],
    [
      'takes no grant away',
      () => gatehouse.as(client).delete('/v1/tenants/acme/it-admins/user-1'),
      `select count(*)::int as n from it_admins where user_id = 'user-1'`,
    ],
    [
      'suspends no tenant',
      () => gatehouse.as(client).patch('/v1/tenants/acme').send({ status: 'suspended' }),
      `select count(*)::int as n from tenants where status = 'suspended'`,
    ],
    [
      'makes no tenant',
      () => gatehouse.as(client).put('/v1/tenants/unrecorded').send({ name: 'U' }),
      'select count(*)::int as n from tenants',
    ],
    [
      'changes no tenant',
      () => gatehouse.as(client).patch('/v1/tenants/acme').send({ name: 'Unrecorded' }),
      `select count(*)::int as n from tenants where name = 'Unrecorded'`,
    ],
    [
      'deletes no tenant',
      () => gatehouse.as(client).delete('/v1/tenants/acme?delete_organization=true'),
      `select count(*)::int as n from tenants where status = 'active'`,
    ],
  ])('%s', async (_what, act, count) => {
    const [{ n: before } = { n: -1 }] = await gatehouse.database.superuser<{ n: number }>(count);
    const asked = gatehouse.workos.requests.length;

    const res = await withoutAudit(async () => act());

    const [{ n: after } = { n: -2 }] = await gatehouse.database.superuser<{ n: number }>(count);
    expect(refusedStatuses).toContain(res.status);
    expect(after).toBe(before);
    expect(gatehouse.workos.requests).toHaveLength(asked);
  });
});

describe('the command line', () => {
  it('records the command and the asserted name of the user', async () => {
    const terminal: Terminal = {
      shown: false,
      attended: false,
      out: () => undefined,
      err: () => undefined,
      ask: () => Promise.resolve(''),
    };
    const { db } = gatehouse.database;
    for (const args of [
      ['create', '--name', 'Made by hand', '--scopes', 'tenants:read', '--tenants', 'acme'],
      ['update', 'made-by-hand', '--tenants', 'globex'],
      ['delete', 'made-by-hand', '--yes'],
    ])
      expect(await clientsCommand(args, { db, terminal, development: true })).toBe(0);

    const { data } = await read('?limit=3');

    expect(data).toMatchObject(
      ['clients delete', 'clients update', 'clients create'].map((operation) => ({
        operation,
        outcome: 'succeeded',
        client_id: null,
        user_id: expect.stringMatching(/^cli:/),
        details: { client_id: 'made-by-hand', user_asserted: true },
      })),
    );
    expect(JSON.stringify(data)).not.toMatch(/gh_[a-z0-9]{12}_/);
  });
});

describe('the runtime role', () => {
  it.each([
    'update audit_trail set outcome = outcome',
    'delete from audit_trail',
    'truncate audit_trail',
    'alter table audit_trail add column x int',
    'drop table audit_trail',
    'create table loot (x int)',
    'create schema loot',
    'truncate tenants',
    'delete from tenants',
    'drop index tenants_organization',
    'create function f() returns int language sql as $$ select 1 $$',
    'alter table tenants disable trigger all',
    'insert into drizzle.__drizzle_migrations (hash, created_at) values (1, 1)',
    `update settings set value = 'gh:other:'`,
    'set session authorization postgres',
    'create role loot superuser',
  ])('may not %s', async (statement) => {
    const result = await gatehouse.database.db.query(statement).then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    );

    expect(result).toBe('42501');
  });

  it('has a grant line for every table', async () => {
    const tables = await gatehouse.database.superuser<{ name: string }>(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
    );

    expect(Object.keys(GRANTS).sort()).toEqual(tables.map(({ name }) => name));
  });

  it('has exactly the rights of its grant lines', async () => {
    const rows = await gatehouse.database.superuser<{ name: string; rights: string }>(
      `select table_name as name, string_agg(lower(privilege_type), ', ' order by privilege_type) as rights
       from information_schema.role_table_grants where grantee = 'gatehouse' and table_schema = 'public' group by 1`,
    );

    const sorted = (rights: string) => rights.split(', ').sort().join(', ');
    expect(Object.fromEntries(rows.map(({ name, rights }) => [name, sorted(rights)]))).toEqual(
      Object.fromEntries(Object.entries(GRANTS).map(([name, rights]) => [name, sorted(rights)])),
    );
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { tenantsCommand } from '../../../src/cli/tenants.ts';
import { agePastDenial, recheck } from '../../support/missing.ts';
import { organizationOf } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ replicas: 2 });
let client: TestClient;
let made = 0;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('witness');
});

const sql = (statement: string, ...values: unknown[]) =>
  gatehouse.database.superuser(statement, values);
const patch = (tenant: string, body: object) =>
  gatehouse.as(client).patch(`/v1/tenants/${tenant}`).send(body);
async function statusOf(tenant: string): Promise<string> {
  const res = await gatehouse.as(client).get(`/v1/tenants/${tenant}`).expect(200);
  return (res.body as { status: string }).status;
}

/** Provisions tenants. */
async function newTenants(count: number): Promise<string[]> {
  const tenants = Array.from({ length: count }, (_, at) => `tenant-${made + at}`);
  made += count;
  for (const tenant of tenants) await gatehouse.provision(tenant);
  return tenants;
}

/** Deletes their organizations, as somebody does in WorkOS's dashboard. */
async function deleteAtWorkos(tenants: readonly string[]): Promise<void> {
  for (const tenant of tenants)
    gatehouse.workos.deleteOrganization(await organizationOf(gatehouse, tenant));
}

async function verify(...flags: string[]) {
  const said = { out: '', err: '' };
  const terminal = {
    shown: false,
    attended: false,
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
    ask: () => Promise.resolve(''),
  };
  const config = { ...gatehouse.config, confirmMissingMs: 20 };
  const code = await tenantsCommand(['verify', ...flags], {
    terminal,
    db: gatehouse.database.db,
    config,
  });
  return { code, ...said };
}

describe('a first 404 for an organization', () => {
  it('is not confirmed by a later one if it is minutes old', async () => {
    const [tenant = ''] = await newTenants(1);
    await deleteAtWorkos([tenant]);
    await patch(tenant, { name: 'One' }).expect(409);
    await sql(
      `update tenants set missing_since = now() - interval '6 minutes' where id = $1`,
      tenant,
    );

    await recheck(gatehouse);
    await patch(tenant, { name: 'Two' }).expect(409);
    const between = await statusOf(tenant);
    await agePastDenial(gatehouse, tenant);
    await recheck(gatehouse);

    expect([between, await statusOf(tenant)]).toEqual(['active', 'orphaned']);
  });

  it('is forgotten when WorkOS accepts a change of the organization', async () => {
    const [tenant = ''] = await newTenants(1);
    await sql('update tenants set missing_since = now() where id = $1', tenant);

    await patch(tenant, { name: 'Seen' }).expect(200);

    expect(await sql('select missing_since from tenants where id = $1', tenant)).toEqual([
      { missing_since: null },
    ]);
  });

  it('is rechecked soon, however many tenants are orphaned', async () => {
    const [tenant = ''] = await newTenants(1);
    await sql(`insert into tenants (id, organization_id, status, former_status, name, domains, metadata, missing_since)
      select 'gone-' || n, 'org_gone' || n, 'orphaned', 'active', 'Gone', '[]', '{}', now() - interval '1 day'
      from generate_series(1, 400) n`);
    await sql('update tenants set missing_since = now() where id = $1', tenant);

    await recheck(gatehouse);

    expect(await sql('select missing_since from tenants where id = $1', tenant)).toEqual([
      { missing_since: null },
    ]);
    await sql(`delete from tenants where id like 'gone-%'`);
  });
});

describe('gatehouse tenants verify --mend --gone', () => {
  it('orphans tenants whose organizations were deleted, however many there are', async () => {
    const tenants = await newTenants(8);
    const [stopped = ''] = tenants;
    await patch(stopped, { status: 'suspended' }).expect(200);
    await deleteAtWorkos(tenants);

    const refused = await verify('--mend');
    const wrong = await verify('--mend', '--gone', '7');
    const between = await Promise.all(tenants.map(statusOf));
    const { out } = await verify('--mend', '--gone', '8');

    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toMatch(/--gone 8\. Nothing was changed/);
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.err).toMatch(/lacks 8 .* not 7/);
    expect(new Set(between)).toEqual(new Set(['active', 'suspended']));
    expect((JSON.parse(out) as { orphaned: string[] }).orphaned.sort()).toEqual(tenants.sort());
    expect(new Set(await Promise.all(tenants.map(statusOf)))).toEqual(new Set(['orphaned']));
    const told = await sql(
      `select tenant_id from events where event = 'gatehouse.tenant.orphaned' and tenant_id = any($1)`,
      tenants,
    );
    expect(told).toHaveLength(8);
    const kept = await sql('select former_status from tenants where id = $1', stopped);
    expect(kept).toEqual([{ former_status: 'suspended' }]);
  });

  it('does not count towards the limit for the next 404', async () => {
    const [tenant = ''] = await newTenants(1);
    await deleteAtWorkos([tenant]);

    await patch(tenant, { name: 'Denied' }).expect(409);
    await agePastDenial(gatehouse, tenant);
    await recheck(gatehouse);

    expect(await statusOf(tenant)).toBe('orphaned');
  });

  it('does not orphan a tenant whose organization is only missing from the list', async () => {
    const tenants = await newTenants(2);
    gatehouse.workos.fault('GET /organizations', {
      kind: 'content-type',
      type: 'application/json',
      body: JSON.stringify({
        object: 'list',
        data: [gatehouse.workos.organizations.get(await organizationOf(gatehouse, 'witness'))],
        list_metadata: { before: null, after: null },
      }),
    });

    const { code, err } = await verify('--mend', '--gone', '2');

    expect(code).toBe(1);
    expect(err).toMatch(/WorkOS lacks 0 .* not 2\. Nothing was changed/);
    expect(await Promise.all(tenants.map(statusOf))).toEqual(['active', 'active']);
  });

  it('changes nothing if the key sees none of the mapped organizations', async () => {
    const [{ count } = { count: 0 }] = await gatehouse.database.superuser<{ count: number }>(
      `select count(*)::int as count from tenants where status in ('active', 'suspended')`,
    );
    gatehouse.workos.fault('GET /organizations/*', { kind: 'status', status: 404 });
    gatehouse.workos.fault('GET /organizations', {
      kind: 'content-type',
      type: 'application/json',
      body: JSON.stringify({ object: 'list', data: [], list_metadata: { after: null } }),
    });

    const { code, err } = await verify('--mend', '--gone', String(count));

    expect(code).toBe(1);
    expect(err).toMatch(/WORKOS_API_KEY.*Nothing was changed/);
    expect(await statusOf('witness')).toBe('active');
  });

  it.each([
    [['--gone', '8'], '--gone is for --mend'],
    [['--mend', '--gone', 'all'], '--gone must be the number'],
  ])('says what is wrong with %s', async (flags, wrong) => {
    expect(await verify(...flags)).toMatchObject({ err: expect.stringContaining(wrong) });
  });
});

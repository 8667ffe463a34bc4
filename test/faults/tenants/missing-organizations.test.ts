import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tenantsCommand } from '../../../src/cli/tenants.ts';
import type { Response } from 'supertest';
import type { Terminal } from '../../../src/cli/output.ts';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import { interleave, pauseCall } from '../../support/interleave.ts';
import { agePastDenial, recheck } from '../../support/missing.ts';
import { organizationOf } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';

// The tests look again themselves, so that no replica is faster.
const gatehouse = useGatehouse({ replicas: 2 });
let client: TestClient;
let made = 0;

beforeAll(async () => {
  client = await gatehouse.createClient();
  // One that is always there, for the key to see.
  await gatehouse.provision('witness');
});
/** Denials of one test are none of the next one's. */
beforeEach(() => gatehouse.database.superuser('update tenants set missing_since = null'));

const NOT_FOUND: Fault = { kind: 'status', status: 404 };
/** No object, as the page of a proxy is none. */
const PROXY_404: Fault = { kind: 'status', status: 404, body: '<h1>404 Not Found</h1>' };

async function newTenant(): Promise<string> {
  made += 1;
  await gatehouse.provision(`tenant-${made}`);
  return `tenant-${made}`;
}

/** Lets WorkOS deny this tenant's organization and no other. */
async function deny(tenant: string): Promise<void> {
  const organization = await organizationOf(gatehouse, tenant);
  gatehouse.workos.fault(`GET /organizations/${organization}`, NOT_FOUND);
  gatehouse.workos.fault(`PUT /organizations/${organization}`, NOT_FOUND);
}

async function rename(tenant: string, replica = 0) {
  made += 1;
  const res = await gatehouse
    .as(client, undefined, replica)
    .patch(`/v1/tenants/${tenant}`)
    .send({ name: `Name ${made}` });
  return [res.status, (res.body as { code?: string }).code, res.headers['retry-after']];
}

const codeOf = (res: Response) => [res.status, (res.body as { code?: string }).code];

const setStatus = (tenant: string, status: string, replica = 0) =>
  gatehouse.as(client, undefined, replica).patch(`/v1/tenants/${tenant}`).send({ status });

async function statusOf(tenant: string): Promise<string> {
  const res = await gatehouse.as(client).get(`/v1/tenants/${tenant}`).expect(200);
  return (res.body as { status: string }).status;
}

const MISSING = [409, 'organization_missing', undefined];
const DOUBTED = [503, 'upstream_unavailable', '30'];

describe('an organization for which WorkOS answers 404', () => {
  it('is reported as missing, and its tenant is not changed', async () => {
    const tenant = await newTenant();
    await deny(tenant);

    const answers = [await rename(tenant), await rename(tenant, 1)];

    expect(answers).toEqual([MISSING, MISSING]);
    await recheck(gatehouse);
    expect(await statusOf(tenant)).toBe('active');
  });

  it('is a 404 for a reader, and organization-missing for a change that only Gatehouse stores', async () => {
    const tenant = await newTenant();
    await deny(tenant);
    const agent = gatehouse.as(client);

    const got = await agent.get(`/organizations/${tenant}`);
    const byExternalId = await agent.get(`/organizations/external_id/${tenant}`);
    const put = await agent.put(`/organizations/${tenant}`).send({ name: `Tenant ${tenant}` });

    expect([codeOf(got), codeOf(byExternalId), codeOf(put)]).toEqual([
      [404, 'tenant_not_found'],
      [404, 'tenant_not_found'],
      [409, 'organization_missing'],
    ]);
  });

  it.each([
    ['a caller’s next call', (tenant: string) => rename(tenant, 1)],
    ['the second look', () => recheck(gatehouse)],
  ])('orphans its tenant when %s is denied half a minute later', async (_, again) => {
    const tenant = await newTenant();
    await deny(tenant);
    await rename(tenant);
    await agePastDenial(gatehouse, tenant);

    await again(tenant);
    await again(tenant);

    expect(await statusOf(tenant)).toBe('orphaned');
    const told = await gatehouse.database.superuser(
      `select event from events where tenant_id = $1 and source = 'gatehouse'`,
      [tenant],
    );
    expect(told).toEqual([{ event: 'gatehouse.tenant.orphaned' }]);
    expect(await rename(tenant)).toEqual(MISSING);
  });

  it.each(['active', 'suspended'])(
    'gives a tenant that was %s its status back when it is seen again',
    async (was) => {
      const tenant = await newTenant();
      await setStatus(tenant, was).expect(200);
      await deny(tenant);
      await rename(tenant);
      await agePastDenial(gatehouse, tenant);
      await recheck(gatehouse);
      expect(await statusOf(tenant)).toBe('orphaned');

      gatehouse.workos.clearFaults();
      await Promise.all([recheck(gatehouse), recheck(gatehouse)]);

      expect(await statusOf(tenant)).toBe(was);
      const trail = await gatehouse.database.superuser<{ details: object }>(
        `select details from audit_trail where tenant_id = $1 and operation = 'lookForOrganizations' order by id`,
        [tenant],
      );
      expect(trail.map(({ details }) => details)).toEqual([
        { orphaned: true },
        { seen_again: true, status: was },
      ]);
    },
  );

  it('keeps a suspension that was set during the second lookup', async () => {
    const tenant = await newTenant();
    await deny(tenant);
    await rename(tenant);
    await agePastDenial(gatehouse, tenant);
    const organization = await organizationOf(gatehouse, tenant);
    const pause = pauseCall(gatehouse.workos, `GET /organizations/${organization}`);

    await interleave(
      pause,
      () => recheck(gatehouse),
      () => setStatus(tenant, 'suspended', 1).expect(200),
    );
    await recheck(gatehouse);
    expect(await statusOf(tenant)).toMatch(/orphaned|suspended/);
    gatehouse.workos.clearFaults();
    await recheck(gatehouse);

    expect(await statusOf(tenant)).toBe('suspended');
  });

  it('needs a new first 404 once it was found in between', async () => {
    const tenant = await newTenant();
    await deny(tenant);
    await rename(tenant);
    await agePastDenial(gatehouse, tenant);
    gatehouse.workos.clearFaults();
    await recheck(gatehouse);
    await deny(tenant);

    expect(await rename(tenant)).toEqual(MISSING);
    expect(await statusOf(tenant)).toBe('active');
  });

  it('is not missing because of a proxy’s 404 page', async () => {
    const tenant = await newTenant();
    const organization = await organizationOf(gatehouse, tenant);
    for (const method of ['GET', 'PUT'])
      gatehouse.workos.fault(`${method} /organizations/${organization}`, PROXY_404);

    expect((await rename(tenant))[0]).toBe(502);
    const [row] = await gatehouse.database.superuser(
      'select missing_since from tenants where id = $1',
      [tenant],
    );
    expect(row).toEqual({ missing_since: null });
  });
});

describe('a minute in which WorkOS answers 404 to everything', () => {
  it('orphans none of 40 tenants, and all work right after it', async () => {
    const tenants: string[] = [];
    while (tenants.length < 40) tenants.push(await newTenant());
    const stopped = tenants.slice(0, 4);
    for (const tenant of stopped) await setStatus(tenant, 'suspended').expect(200);
    // Three were denied before it began, and so are due for a second look.
    for (const tenant of tenants.slice(10, 13)) await deny(tenant);
    for (const tenant of tenants.slice(10, 13)) await rename(tenant);
    await agePastDenial(gatehouse, ...tenants);
    gatehouse.workos.fault('*', NOT_FOUND);

    const answers = await Promise.all(tenants.map((tenant, at) => rename(tenant, at % 2)));
    const restricted = await gatehouse.createClient({ tenants: ['tenant-*'] });
    const reads = [
      ...(await Promise.all(
        tenants.map((tenant) => gatehouse.as(client).get(`/organizations/${tenant}`)),
      )),
      await gatehouse
        .as(client)
        .put(`/organizations/${tenants[20] ?? ''}`)
        .send({}),
    ];
    const listed = await gatehouse.as(restricted).get('/organizations?limit=100').expect(200);
    const doubts = await Promise.all([recheck(gatehouse), recheck(gatehouse)]);
    await agePastDenial(gatehouse, ...tenants);
    await recheck(gatehouse);

    expect(new Set(answers.map(String))).toEqual(new Set([String(DOUBTED)]));
    expect(new Set(reads.map((res) => String(codeOf(res))))).toEqual(
      new Set(['503,upstream_unavailable']),
    );
    // The list comes from our own tables, and lacks none of them.
    const { data } = listed.body as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(tenants));
    expect(doubts).toEqual([['blind'], ['blind']]);
    gatehouse.workos.clearFaults();
    const after = await Promise.all(tenants.map((tenant, at) => rename(tenant, at % 2)));
    expect(new Set(after.map(([status]) => status))).toEqual(new Set([200]));
    const statuses = await Promise.all(tenants.map(statusOf));
    expect(statuses.filter((status) => status === 'orphaned')).toEqual([]);
    expect(await Promise.all(stopped.map(statusOf))).toEqual(stopped.map(() => 'suspended'));
    expect(gatehouse.logs.join('')).toMatch(/"level":50.*no tenant is orphaned/);
  });

  it('orphans no tenant if others are found but too many are missing at once', async () => {
    const tenants: string[] = [];
    while (tenants.length < 8) tenants.push(await newTenant());
    for (const tenant of tenants) await deny(tenant);

    const answers = [];
    for (const tenant of tenants) answers.push(await rename(tenant));
    await agePastDenial(gatehouse, ...tenants);
    await recheck(gatehouse);
    await recheck(gatehouse);

    expect(answers.map(String)).toEqual([
      ...Array.from({ length: 5 }, () => String(MISSING)),
      ...Array.from({ length: 3 }, () => String(DOUBTED)),
    ]);
    expect(new Set(await Promise.all(tenants.map(statusOf)))).toEqual(new Set(['active']));
    gatehouse.workos.clearFaults();
    expect((await rename(tenants[0] ?? ''))[0]).toBe(200);
  });
});

describe('gatehouse tenants verify --mend', () => {
  const verify = async (...flags: string[]) => {
    const said = { out: '', err: '' };
    const terminal: Terminal = {
      shown: false,
      attended: false,
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      ask: () => Promise.resolve(''),
    };
    const { db } = gatehouse.database;
    const args = ['verify', ...flags];
    const code = await tenantsCommand(args, { terminal, db, config: gatehouse.config });
    return { code, ...said };
  };
  const orphan = (tenant: string) =>
    gatehouse.database.superuser(
      `update tenants set status = 'orphaned', former_status = 'suspended', missing_since = now() where id = $1`,
      [tenant],
    );

  it('restores the status of an orphaned tenant only when its organization is listed', async () => {
    const tenant = await newTenant();
    await orphan(tenant);

    const looked = await verify();
    const between = await statusOf(tenant);
    const mended = await verify('--mend');

    expect([looked.code, between]).toEqual([1, 'orphaned']);
    expect((JSON.parse(mended.out) as { mended: string[] }).mended).toContain(tenant);
    expect(await statusOf(tenant)).toBe('suspended');
  });

  it('changes nothing if WorkOS lacks many of the mapped organizations', async () => {
    const tenant = await newTenant();
    await orphan(tenant);
    await gatehouse.database
      .superuser(`insert into tenants (id, organization_id, status, name, domains, metadata)
      select 'other-' || n, 'org_other' || n, 'active', 'Other', '[]', '{}' from generate_series(1, 7) n`);

    const { code, err } = await verify('--mend');
    await gatehouse.database.superuser(`delete from tenants where id like 'other-%'`);

    expect([code, await statusOf(tenant)]).toEqual([1, 'orphaned']);
    expect(err).toMatch(/WORKOS_API_KEY.*Nothing was changed/);
  });
});

describe('a WorkOS key that sees none of the mapped organizations', () => {
  it('is reported to the operator, and takes no replica out of service', async () => {
    gatehouse.workos.fault('GET /organizations/*', NOT_FOUND);
    const replica = await gatehouse.startReplica();
    const readyz = async () => {
      const res = await fetch(`http://127.0.0.1:${replica.adminPort}/readyz`);
      return { status: res.status, body: await res.text() };
    };

    const { status, body } = await waitFor(async () => {
      const answer = await readyz();
      return answer.body.includes('WorkOS key') && answer;
    });

    expect([status, body.split('\n')[0]]).toEqual([200, 'ok']);
    expect(gatehouse.logs.join('')).toContain(
      'the WorkOS key sees none of the mapped organizations',
    );
  });
});

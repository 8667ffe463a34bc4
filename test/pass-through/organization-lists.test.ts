/** Lists of organizations of a client that may use some tenants come from Gatehouse's own tables. */
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { applyEvents, workosEvent } from '../support/workos-events.ts';

interface Organization {
  readonly id: string;
  readonly name: string;
  readonly domains: readonly { readonly domain: string; readonly state: string }[];
}

const gatehouse = useGatehouse();
const TENANTS = ['acme-1', 'acme-2', 'acme-3'];
let client: TestClient;
let organization: string;

beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme-*'] });
  for (const id of [...TENANTS, 'globex'])
    await gatehouse
      .as(await gatehouse.createClient())
      .put(`/v1/tenants/${id}`)
      .send({ name: `The ${id} Company`, domains: [{ domain: `${id}.example` }], metadata: { id } })
      .expect(201);
  organization = await organizationOf(gatehouse, 'acme-1');
});
beforeEach(() => {
  gatehouse.workos.requests.length = 0;
});

async function list(query = ''): Promise<Organization[]> {
  const res = await gatehouse.as(client).get(`/organizations${query}`).expect(200);
  return (res.body as { data: Organization[] }).data;
}
/** The records that prove a domain are not stored. */
const withoutRecords = (organization: Organization): object =>
  JSON.parse(
    JSON.stringify(organization, (name, value: unknown) =>
      /^verification_(token|prefix)$/.test(name) ? undefined : value,
    ),
  ) as object;
const ids = (organizations: readonly Organization[]) => organizations.map(({ id }) => id);
const first = async () => (await list('?order=asc&limit=1'))[0];
/** The ids of the organizations that were read at WorkOS. */
const reads = () =>
  gatehouse.workos.requests.map(({ path }) => path.replace('/organizations/', ''));
/** The organization as WorkOS has it. */
const atWorkos = () => {
  const found = gatehouse.workos.organizations.get(organization);
  if (!found) throw new Error('It is gone.');
  return found;
};

describe('a list of organizations', () => {
  it('asks WorkOS for nothing, and answers the same as a read of each', async () => {
    const listed = await list('?order=asc');

    expect(reads()).toEqual([]);
    expect(ids(listed)).toEqual(TENANTS);
    for (const one of listed) {
      const res = await gatehouse.as(client).get(`/organizations/${one.id}`).expect(200);
      expect(one).toEqual(withoutRecords(res.body as Organization));
    }
  });

  it('finds a part of a name in any case, page by page and both ways, in the client’s tenants', async () => {
    const pages = [
      await list('?search=ME-2+comp'),
      await list('?search=the&order=asc&limit=2'),
      await list('?search=the&order=asc&limit=2&after=acme-2'),
      await list('?search=the&order=asc&before=acme-2'),
      await list('?search=the&order=asc&after=acme-1&before=acme-3'),
      await list('?search=the&after=acme-2'),
      await list('?search=globex'),
      await list('?search=%25'),
      await list('?search=the&after=globex'),
    ];

    expect(pages.map(ids)).toEqual([
      ['acme-2'],
      ['acme-1', 'acme-2'],
      ['acme-3'],
      ['acme-1'],
      ['acme-2'],
      ['acme-1'],
      [],
      [],
      [],
    ]);
    expect(reads()).toEqual([]);
  });

  it('shows our own change at once', async () => {
    await gatehouse.as(client).patch('/v1/tenants/acme-1').send({ name: 'Changed' }).expect(200);
    gatehouse.workos.requests.length = 0;

    expect((await first())?.name).toBe('Changed');
    expect(reads()).toEqual([]);
  });

  it('shows a change at WorkOS once its event has come', async () => {
    Object.assign(atWorkos(), { name: 'Renamed', updated_at: new Date().toISOString() });
    await applyEvents(gatehouse, workosEvent('organization.updated', { ...atWorkos() }));

    expect((await first())?.name).toBe('Renamed');
    expect(reads()).toEqual([]);
  });

  it('reads an organization again when one of its domains has changed', async () => {
    const [domain] = atWorkos().domains;
    if (!domain) throw new Error('It has no domain.');
    Object.assign(domain, { state: 'verified', updated_at: new Date().toISOString() });
    await applyEvents(
      gatehouse,
      workosEvent('organization_domain.verified', {
        ...domain,
        organization_id: organization,
      }),
    );

    expect((await first())?.domains).toMatchObject([{ state: 'verified' }]);
    expect(reads()).toEqual([organization]);
    await first();
    expect(reads()).toHaveLength(1);
  });

  it.each([
    ['after a minute while no events are read', '2 minutes', '5 minutes', 1],
    ['not after a minute while events are read', '2 minutes', '0 minutes', 0],
    ['after a day in any case', '25 hours', '0 minutes', 1],
  ])('reads an organization again %s', async (_case, age, feedAge, times) => {
    await gatehouse.database.superuser(
      `insert into feed_cursors (feed, read_at) values ('workos', now() - $1::interval)
       on conflict (feed) do update set read_at = excluded.read_at`,
      [feedAge],
    );
    await gatehouse.database.superuser(`update mirror set as_of = now() - $1::interval`, [age]);

    await first();
    expect(reads()).toHaveLength(times);
  });

  it('leaves out an organization that WorkOS has deleted', async () => {
    await applyEvents(gatehouse, workosEvent('organization.deleted', { id: organization }));
    await fetch(`${gatehouse.workos.url}/organizations/${organization}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${gatehouse.workos.apiKey}` },
    });

    expect(ids(await list('?order=asc'))).toEqual(['acme-2', 'acme-3']);
  });
});

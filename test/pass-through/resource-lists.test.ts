import { beforeAll, describe, expect, it } from '@jest/globals';
import { foreignOrganization } from '../support/resource-things.ts';
import { waitFor } from '../support/wait-for.ts';
import { type TestClient } from '../support/test-app.ts';
import {
  type ListBody,
  gatehouse,
  platform,
  client,
  acme,
  globex,
  nobodys,
  get,
  useResources,
} from './resources-setup.ts';

useResources();

/** All pages, one way. */
async function pages(
  path: string,
  as: TestClient,
  limit: number,
  { way = 'after', from }: { way?: 'after' | 'before'; from?: string | undefined } = {},
): Promise<ListBody[]> {
  const read: ListBody[] = [];
  for (let cursor = from; read.length < 50;) {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor && { [way]: cursor }) });
    const res = await get(`${path}${path.includes('?') ? '&' : '?'}${query.toString()}`, as);
    expect([res.status, res.text]).toEqual([200, res.text]);
    const body = res.body as ListBody;
    read.push(body);
    cursor = body.list_metadata[way] ?? undefined;
    if (cursor === undefined) return read;
  }
  throw new Error('It does not end.');
}

const idsIn = (read: readonly ListBody[]) => read.flatMap(({ data }) => data.map(({ id }) => id));

describe.each([1, 2, 3, 100])('lists, %s at a time', (limit) => {
  const made: { readonly acme: string[]; readonly globex: string[] } = { acme: [], globex: [] };
  beforeAll(() => {
    for (let count = made.acme.length; count < 4; count += 1) {
      made.acme.push(gatehouse.workos.addConnection(acme, { connection_type: `Kind${limit}` }).id);
      gatehouse.workos.addConnection(nobodys, { connection_type: `Kind${limit}` });
      made.globex.push(
        gatehouse.workos.addConnection(globex, { connection_type: `Kind${limit}` }).id,
      );
    }
  });
  const path = `/connections?connection_type=Kind${limit}`;

  it('show a client of every tenant the objects of all tenants, and none that belong to no tenant', async () => {
    const forth = await pages(path, platform, limit);

    const all = [...made.acme, ...made.globex];
    expect(idsIn(forth).sort()).toEqual(all.sort());
    expect(new Set(forth.flatMap(({ data }) => data.map((one) => one.organization_id)))).toEqual(
      new Set(['acme', 'globex']),
    );
    const ids = idsIn(forth);
    const back = await pages(path, platform, limit, { way: 'before', from: ids.at(-1) });
    expect(idsIn(back.toReversed())).toEqual(ids.slice(0, -1));
  });

  it('show a tenant’s objects to every client that may use it', async () => {
    const ofAcme = await pages(`${path}&organization_id=acme`, client, limit);

    expect(idsIn(ofAcme)).toEqual(made.acme.toReversed());
  });
});

describe('lists of organizations', () => {
  const TENANTS = Array.from({ length: 7 }, (_, at) => `initech-${at}`);
  beforeAll(async () => {
    for (const tenant of TENANTS) {
      await gatehouse.provision(tenant);
      // Between any two of ours, so that pages of nobody's come up.
      for (let count = 0; count < 3; count += 1) await foreignOrganization(gatehouse);
    }
  });
  const allOf = (as: TestClient) =>
    [...gatehouse.workos.organizations.values()]
      .map(({ metadata }) => metadata.gatehouse_tenant ?? '')
      .filter((id) => (as === platform ? id !== '' : id.startsWith('initech') || id === 'acme'));

  it.each([
    ['every tenant', 1],
    ['every tenant', 2],
    ['every tenant', 3],
    ['every tenant', 100],
    ['some tenants', 1],
    ['some tenants', 2],
    ['some tenants', 3],
    ['some tenants', 100],
  ])('page by tenant ids, both ways, for a client of %s, %s at a time', async (who, limit) => {
    const as = who === 'every tenant' ? platform : client;

    const forth = await pages('/organizations', as, limit);

    const ids = idsIn(forth);
    expect(ids.toSorted()).toEqual(allOf(as).toSorted());
    expect(forth.every(({ data }) => data.length <= limit)).toBe(true);
    const back = await pages('/organizations', as, limit, { way: 'before', from: ids.at(-1) });
    expect(idsIn(back.toReversed())).toEqual(ids.slice(0, -1));
  });

  it.each([
    ['search=Tenant+initech-', TENANTS],
    ['search=Made+by', []],
    ['search=Tenant+globex', []],
  ])('with the filter %s show a client only its own tenants', async (filter, wanted) => {
    const found = await pages(`/organizations?${filter}`, client, 2);

    expect(idsIn(found).toSorted()).toEqual(wanted);
  });

  it('accept several domains, comma separated or repeated', async () => {
    const put = (id: string) =>
      gatehouse
        .as(client)
        .put(`/v1/tenants/${id}`)
        .send({ name: id, domains: [{ domain: `${id}.example` }] });
    await put('initech-0').expect(200);
    await put('initech-1').expect(200);

    const one = await get('/organizations?domains=initech-0.example,initech-1.example');
    const other = await get('/organizations?domains=initech-0.example&domains=initech-1.example');

    expect(idsIn([one.body as ListBody]).toSorted()).toEqual(['initech-0', 'initech-1']);
    expect(other.body).toEqual(one.body);
  });

  it('refuse an invalid cursor, also beside a valid one', async () => {
    const both = await get('/organizations?after=nowhere&before=acme', platform);
    const none = await get('/organizations?after=nowhere', platform);

    expect([both.status, none.status]).toEqual([422, 422]);
  });

  it('fail while WorkOS fails, rather than omit objects that are not known', async () => {
    await gatehouse.database.superuser('delete from mirror');
    const busy = { kind: 'status', status: 429, retryAfter: 1 } as const;
    gatehouse.workos.fault('GET /organizations/*', busy, { times: 1 });

    const first = await get('/organizations?limit=3');
    const heldBack = await get('/organizations?limit=3');

    expect([first.status, heldBack.status]).toEqual([503, 503]);
    await waitFor(async () => (await get('/organizations?limit=3')).status === 200);
  });
});

describe('lists without a tenant', () => {
  it.each([
    '/connections',
    '/directories',
    '/user_management/users',
    '/connections?domain=acme.example',
  ])('are refused to a client of some tenants: %s', async (path) => {
    const upstream = `GET ${path.split('?')[0] ?? ''}`;
    const before = gatehouse.workos.requestsTo(upstream).length;

    const res = await get(path);

    expect([res.status, res.body]).toMatchObject([
      422,
      { code: 'organization_id_required', errors: [{ field: 'organization_id' }] },
    ]);
    expect(gatehouse.workos.requestsTo(upstream)).toHaveLength(before);
    await get(path, platform).expect(200);
  });
});

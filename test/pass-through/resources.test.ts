import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { foreignOrganization } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import { until } from '../support/until.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

interface Listed {
  readonly id: string;
  readonly organization_id?: string;
}
interface ListBody {
  readonly data: readonly Listed[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

let gatehouse: TestApp;
/** Every tenant. */
let platform: TestClient;
/** Only `acme`. */
let client: TestClient;
let acme: string;
let globex: string;
/** Of an organization that is nobody's here. */
let nobodys: string;

beforeAll(async () => {
  gatehouse = await startTestApp();
  platform = await gatehouse.createClient();
  client = await gatehouse.createClient({ tenants: ['acme', 'initech*'] });
  await gatehouse.provision('acme');
  nobodys = await foreignOrganization(gatehouse);
  await gatehouse.provision('globex');
  acme = await organizationOf(gatehouse, 'acme');
  globex = await organizationOf(gatehouse, 'globex');
});
beforeEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

const get = (path: string, as = client) => gatehouse.as(as).get(path);
const answers = (operation: string, body: unknown, status = 200) =>
  gatehouse.workos.fault(operation, { kind: 'status', status, body }, { times: 1 });

/** What WorkOS may say some day, around what it says today. */
const STRANGE = {
  internal_note: 'not for us',
  secret_of_workos: { deep: [1] },
};

describe('a connection', () => {
  it('has the tenant’s id where WorkOS has the organization’s', async () => {
    const { id } = gatehouse.workos.addConnection(acme, { name: 'Okta' });

    const res = await get(`/connections/${id}`).expect(200);

    expect(res.body).toEqual({
      ...gatehouse.workos.state.connections.get(id),
      organization_id: 'acme',
    });
  });

  it('passes unknown values and nulls on, and nothing that is not in the contract', async () => {
    const { id } = gatehouse.workos.addConnection(acme);
    answers('GET /connections/*', {
      object: 'connection',
      id,
      organization_id: acme,
      connection_type: 'TelepathySAML',
      name: null,
      state: 'dreaming',
      status: 'entangled',
      domains: null,
      created_at: '2026-11-22T12:00:00.000Z',
      ...STRANGE,
    });

    const res = await get(`/connections/${id}`).expect(200);

    expect(res.body).toEqual({
      object: 'connection',
      id,
      organization_id: 'acme',
      connection_type: 'TelepathySAML',
      name: null,
      state: 'dreaming',
      status: 'entangled',
      domains: null,
      created_at: '2026-11-22T12:00:00.000Z',
    });
  });
});

describe('a directory user', () => {
  it('has tenant ids, also in its groups, and its attributes as they are', async () => {
    const directory = gatehouse.workos.addDirectory(acme);
    const attributes = {
      organization_id: acme,
      nested: { organization_id: globex, __proto: null, list: [{ organization_id: acme }] },
      empty: null,
    };
    const user = gatehouse.workos.addDirectoryUser(directory.id, {
      raw_attributes: attributes,
      custom_attributes: attributes,
      role: { slug: 'chief' },
    });
    const group = gatehouse.workos.addDirectoryGroup(directory.id, { raw_attributes: attributes });
    gatehouse.workos.addToGroup(group.id, user.id);

    const res = await get(`/directory_users/${user.id}`).expect(200);
    const listed = await get(`/directory_users?directory=${directory.id}`).expect(200);

    expect(res.body).toEqual({
      ...user,
      organization_id: 'acme',
      raw_attributes: attributes,
      custom_attributes: attributes,
      groups: [{ ...group, organization_id: 'acme', raw_attributes: attributes }],
    });
    expect((listed.body as ListBody).data).toEqual([res.body]);
  });

  it('shows no id of an organization that is not the client’s, wherever it stands', async () => {
    const directory = gatehouse.workos.addDirectory(acme);
    const user = gatehouse.workos.addDirectoryUser(directory.id);
    answers('GET /directory_users/*', {
      ...user,
      groups: [
        { object: 'directory_group', id: 'directory_group_1', organization_id: globex },
        { object: 'directory_group', id: 'directory_group_2', organization_id: nobodys },
        { object: 'directory_group', id: 'directory_group_3', organization_id: null },
      ],
    });

    const res = await get(`/directory_users/${user.id}`).expect(200);

    expect(res.body).toMatchObject({ organization_id: 'acme' });
    expect(res.text).not.toContain(globex);
    expect(res.text).not.toContain(nobodys);
  });
});

describe('an organization', () => {
  const fields = {
    name: 'Initech',
    external_id: 'initech',
    metadata: { crm: '7' },
    domain_data: [{ domain: 'initech.example', state: 'pending' }],
  };
  let made: unknown;
  beforeAll(async () => {
    const res = await gatehouse.as(client).post('/organizations').send(fields).expect(201);
    made = res.body;
  });

  it('is the tenant: its id twice, no mark of ours, and its domains are its', () => {
    expect(made).toEqual({
      object: 'organization',
      id: 'initech',
      external_id: 'initech',
      name: 'Initech',
      metadata: { crm: '7' },
      allow_profiles_outside_organization: false,
      domains: [
        expect.objectContaining({
          domain: 'initech.example',
          organization_id: 'initech',
          state: 'pending',
        }),
      ],
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it.each(['/organizations/initech', '/organizations/external_id/initech'])(
    'is found at %s',
    async (path) => {
      expect((await get(path).expect(200)).body).toEqual(made);
    },
  );

  it('cannot be made twice, nor under a deleted tenant’s id, nor without an external_id', async () => {
    const post = (body: object) => gatehouse.as(client).post('/organizations').send(body);

    const again = await post(fields);
    const nameless = await post({ name: 'Initech' });

    expect([again.status, again.body]).toMatchObject([400, { code: 'external_id_already_used' }]);
    expect([nameless.status, nameless.body]).toMatchObject([
      422,
      { errors: [{ field: 'external_id' }] },
    ]);
  });

  it('is changed, what only WorkOS keeps as well, and keeps its external_id', async () => {
    const put = (body: object) => gatehouse.as(client).put('/organizations/initech').send(body);

    const res = await put({
      name: 'Initech 2',
      external_id: 'initech',
      stripe_customer_id: 'cus_1',
    });
    const moved = await put({ external_id: 'acme' });

    expect([res.status, res.body]).toMatchObject([
      200,
      { id: 'initech', name: 'Initech 2', stripe_customer_id: 'cus_1', external_id: 'initech' },
    ]);
    expect([moved.status, moved.body]).toMatchObject([422, { errors: [{ code: 'immutable' }] }]);
    const tenant = await get('/v1/tenants/initech').expect(200);
    expect(tenant.body).toMatchObject({ name: 'Initech 2' });
  });

  it('is deleted, at WorkOS too', async () => {
    await gatehouse.as(client).post('/organizations').send({ name: 'B', external_id: 'initech-b' });
    const organization = await organizationOf(gatehouse, 'initech-b');

    await gatehouse.as(client).delete('/organizations/initech-b').expect(204);

    expect(gatehouse.workos.organizations.has(organization)).toBe(false);
    await get('/organizations/initech-b').expect(404);
  });

  it('that is gone at WorkOS is not found', async () => {
    await gatehouse.provision('initech-gone');
    gatehouse.workos.deleteOrganization(await organizationOf(gatehouse, 'initech-gone'));

    await get('/organizations/initech-gone').expect(404);
  });
});

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

  it('show a client of every tenant what is of any, and nothing that is nobody’s', async () => {
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

  it('show a tenant’s, to whoever may see it', async () => {
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
  ])('with the filter %s show a client only what is its', async (filter, wanted) => {
    const found = await pages(`/organizations?${filter}`, client, 2);

    expect(idsIn(found).toSorted()).toEqual(wanted);
  });

  it('take several domains, by commas or repeated', async () => {
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

  it('refuse two cursors at once, and one that is none', async () => {
    const both = await get('/organizations?after=acme&before=acme', platform);
    const none = await get('/organizations?after=nowhere', platform);

    expect([both.status, none.status]).toEqual([422, 422]);
  });

  it('fail while WorkOS does, rather than leave anybody out', async () => {
    const busy = { kind: 'status', status: 429, retryAfter: 1 } as const;
    gatehouse.workos.fault('GET /organizations/*', busy, { times: 1 });

    const first = await get('/organizations?limit=3');
    const heldBack = await get('/organizations?limit=3');

    expect([first.status, heldBack.status]).toEqual([503, 503]);
    await until(async () => (await get('/organizations?limit=3')).status === 200);
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

describe('provider icons', () => {
  it('are told for each type that is asked for, also one that nobody knows', async () => {
    const res = await get('/v1/provider-icons?type=OktaSAML,Nonsense').expect(200);

    expect(res.body).toMatchObject({
      object: 'list',
      data: [
        {
          type: 'OktaSAML',
          name: expect.stringContaining('Okta'),
          icon: { light: expect.any(String) },
        },
        { type: 'Nonsense', icon: null },
      ],
    });
  });
});

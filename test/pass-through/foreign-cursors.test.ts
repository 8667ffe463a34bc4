/** A cursor is the id of an object. One of another tenant is refused like one that does not exist. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { askWorkos } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
const ids: Record<string, { own: string; foreign: string }> = {};

beforeAll(async () => {
  for (const tenant of ['acme', 'globex']) await gatehouse.provision(tenant);
  client = await gatehouse.createClient({ tenants: ['acme'] });
  const [acme, globex] = [
    await organizationOf(gatehouse, 'acme'),
    await organizationOf(gatehouse, 'globex'),
  ];
  const { workos } = gatehouse;
  const platform = gatehouse.as(await gatehouse.createClient());
  const member = async (organizationId: string) => {
    const email = `${workos.state.users.size}@test.example`;
    const res = await platform.post('/user_management/users').send({ email }).expect(201);
    const { id } = res.body as { id: string };
    workos.addMembership(organizationId, id);
    return id;
  };
  const both = (make: (organizationId: string) => string) => ({
    own: [make(acme), make(acme)][1] ?? '',
    foreign: make(globex),
  });
  const membershipsOf = (organizationId: string) =>
    [...workos.state.organizationMemberships.values()].filter(
      (one) => one.organization_id === organizationId,
    );
  ids.connections = both((of) => workos.addConnection(of).id);
  ids.directories = both((of) => workos.addDirectory(of).id);
  ids['user_management/users'] = { own: await member(acme), foreign: await member(globex) };
  ids['user_management/organization_memberships'] = {
    own: membershipsOf(acme).at(-1)?.id ?? '',
    foreign: membershipsOf(globex).at(-1)?.id ?? '',
  };
});

const list = (path: string, query: Readonly<Record<string, string>>) =>
  gatehouse
    .as(client)
    .get(`/${path}`)
    .query({ organization_id: 'acme', ...query });
const without = (text: string, id: string) =>
  text.replaceAll(id, 'id').replace(/urn:uuid:[\w-]+/, '');

describe('the list of a tenant', () => {
  it.each([
    'connections',
    'directories',
    'user_management/users',
    'user_management/organization_memberships',
  ])('begins only after objects of the tenant: %s', async (path) => {
    const { own = '', foreign = '' } = ids[path] ?? {};
    const unknown = foreign.replace(/.{4}$/, '0000');

    for (const cursor of ['after', 'before']) {
      const mine = await list(path, { [cursor]: own });
      gatehouse.workos.requests.length = 0;
      const theirs = await list(path, { [cursor]: foreign });
      const nobodys = await list(path, { [cursor]: unknown });

      expect([mine.status, theirs.status]).toEqual([200, 422]);
      expect(theirs.body).toMatchObject({ errors: [{ field: cursor }] });
      expect(without(theirs.text, foreign)).toBe(without(nobodys.text, unknown));
      expect(gatehouse.workos.requests.filter(({ query }) => query[cursor])).toEqual([]);
    }
  });

  it.each(['connections', 'directories', 'user_management/organization_memberships'])(
    'begins after no dot segment, which a path does not keep: %s',
    async (path) => {
      gatehouse.workos.requests.length = 0;

      for (const cursor of ['.', '..']) {
        const res = await list(path, { after: cursor });

        expect(res.status).toBe(422);
        expect(res.body).toMatchObject({ errors: [{ field: 'after' }] });
      }
      expect(gatehouse.workos.requests).toEqual([]);
    },
  );

  it.each([
    ['some', 'connections', { limit: '2' }],
    ['none', 'connections', { limit: '2' }],
    ['some', 'directories', { limit: '2', order: 'normal' }],
  ])(
    'is read anew if WorkOS did not apply the filter, and %s of its page are the tenant’s: %s',
    async (share, path, query) => {
      const { own = '', foreign = '' } = ids[path] ?? {};
      const kept = gatehouse.workos.state[path as 'connections' | 'directories'];
      const data = [share === 'some' ? own : foreign, foreign].map((id) => kept.get(id));
      const list_metadata = { before: foreign, after: foreign };
      const body = { object: 'list', data, list_metadata };
      gatehouse.workos.fault(`GET /${path}`, { kind: 'status', status: 200, body }, { times: 1 });

      const mixed = await list(path, query);

      const right = await list(path, query);
      expect([mixed.status, mixed.body]).toEqual([200, right.body]);
      expect(right.body).toMatchObject({ data: [{ id: own }, {}] });
    },
  );

  it('takes the cursor of its last page without asking WorkOS whose it is', async () => {
    const first = await list('connections', { limit: '1' });
    const { after } = (first.body as { list_metadata: { after: string } }).list_metadata;
    gatehouse.workos.requests.length = 0;

    await list('connections', { limit: '1', after }).expect(200);

    expect(gatehouse.workos.requests.map(({ path }) => path)).toEqual(['/connections']);
  });

  it('of users by e-mail address does not tell where another tenant’s user stands', async () => {
    const { own = '', foreign = '' } = ids['user_management/users'] ?? {};
    const { email = '' } = gatehouse.workos.state.users.get(own) ?? {};
    const unknown = foreign.replace(/.{4}$/, '0000');
    const asked = (after: string) =>
      gatehouse.as(client).get('/user_management/users').query({ email, after });
    gatehouse.workos.requests.length = 0;

    const [theirs, nobodys, mine] = [await asked(foreign), await asked(unknown), await asked(own)];

    expect([theirs.status, mine.status]).toEqual([422, 200]);
    expect(without(theirs.text, foreign)).toBe(without(nobodys.text, unknown));
    expect(gatehouse.workos.requests.filter(({ query }) => query.after)).toEqual([]);
  });

  it('of the API keys of a user who is also a member elsewhere', async () => {
    const { workos } = gatehouse;
    const { own: user = '' } = ids['user_management/users'] ?? {};
    const path = `/user_management/users/${user}/api_keys`;
    const create = async (tenant: string) => {
      const organization_id = await organizationOf(gatehouse, tenant);
      const key = { name: 'Key', organization_id };
      return (await askWorkos(gatehouse, 'POST', path, key)).id;
    };
    workos.addMembership(await organizationOf(gatehouse, 'globex'), user);
    const [first, foreign, last] = [
      await create('acme'),
      await create('globex'),
      await create('acme'),
    ];
    const unknown = foreign.replace(/.{4}$/, '0000');

    for (const cursor of ['after', 'before']) {
      const [theirs, nobodys] = [
        await list(path.slice(1), { [cursor]: foreign }),
        await list(path.slice(1), { [cursor]: unknown }),
      ];

      expect([theirs.status, theirs.body]).toMatchObject([422, { errors: [{ field: cursor }] }]);
      expect(without(theirs.text, foreign)).toBe(without(nobodys.text, unknown));
    }
    const next = await list(path.slice(1), { after: last });
    expect(next.body).toMatchObject({ data: [{ id: first }], list_metadata: { after: null } });
  });

  it('of organizations by domain does not tell which tenants others have', async () => {
    const { workos } = gatehouse;
    const asked = (after: string) =>
      gatehouse.as(client).get('/organizations').query({ domains: 'acme.test', after });
    workos.requests.length = 0;

    const [theirs, nobodys] = [await asked('globex'), await asked('nobody')];

    expect([theirs.status, workos.requests]).toEqual([422, []]);
    expect(without(theirs.text, 'globex')).toBe(without(nobodys.text, 'nobody'));
  });
});

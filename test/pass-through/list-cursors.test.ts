/**
 * Every list of a tenant's objects, read page by page from replicas in turn, as behind a load balancer. A cursor is an
 * object of the list's tenant, or one that the reader itself has just deleted.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { askWorkos, makeUser } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { guardedOperations } from '../support/operations.ts';
import { sample } from '../support/sample.ts';
import type { ForwardedEndpoint } from '../../src/pass-through/forwarding/forwarded-endpoint.ts';

const gatehouse = useGatehouse({ replicas: 2 });
const USERS = '/user_management';
const UNKNOWN = (id: string) => id.replace(/.{4}$/, '0000');

interface Org {
  readonly tenant: string;
  readonly id: string;
  readonly directory: string;
  readonly directoryUser: string;
  readonly group: string;
  readonly user: string;
  readonly membership: string;
}
const orgs: Record<string, Org> = {};
const org = (tenant: string): Org => orgs[tenant] ?? fail(tenant);
const fail = (what: string): never => {
  throw new Error(what);
};
const ask = async (path: string, body: object) =>
  (await askWorkos(gatehouse, 'POST', path, body)).id;
const member = async ({ id }: Pick<Org, 'id'>) => {
  const user = await makeUser(gatehouse, []);
  return { user, membership: gatehouse.workos.addMembership(id, user).id };
};
const inGroup = async ({ id, group }: Org, membership: string) => {
  const path = `/organizations/${id}/groups/${group}/organization-memberships`;
  await ask(path, { organization_membership_id: membership });
  return membership;
};
const newGroup = ({ id }: Pick<Org, 'id'>) => ask(`/organizations/${id}/groups`, { name: 'Group' });

interface List {
  /** With the tenant's id. */
  readonly path: (of: Org) => string;
  /** Makes one more object of the list. @returns its id */
  readonly make: (of: Org) => string | Promise<string>;
  /** Deletes an object through Gatehouse, where there is an operation for it. */
  readonly remove?: (of: Org, id: string) => string;
}

/** In this order: what is emptied last holds what comes before. */
const LISTS: Readonly<Record<string, List>> = {
  listConnections: {
    path: ({ tenant }) => `/connections?organization_id=${tenant}`,
    make: ({ id }) => gatehouse.workos.addConnection(id).id,
    remove: (_, id) => `/connections/${id}`,
  },
  listDirectoryUsers: {
    path: ({ directory }) => `/directory_users?directory=${directory}`,
    make: ({ directory }) => gatehouse.workos.addDirectoryUser(directory).id,
  },
  listDirectoryGroups: {
    path: ({ directory }) => `/directory_groups?directory=${directory}`,
    make: ({ directory }) => gatehouse.workos.addDirectoryGroup(directory).id,
  },
  listGroupMembers: {
    path: ({ tenant, group }) =>
      `/organizations/${tenant}/groups/${group}/organization-memberships`,
    make: async (of) => inGroup(of, (await member(of)).membership),
    remove: ({ tenant, group }, id) =>
      `/organizations/${tenant}/groups/${group}/organization-memberships/${id}`,
  },
  listInvitations: {
    path: ({ tenant }) => `${USERS}/invitations?organization_id=${tenant}`,
    make: ({ id }) => {
      const email = `${gatehouse.workos.state.invitations.size}@people.example`;
      return ask(`${USERS}/invitations`, { organization_id: id, email });
    },
  },
  listOrganizationApiKeys: {
    path: ({ tenant }) => `/organizations/${tenant}/api_keys`,
    make: ({ id }) => ask(`/organizations/${id}/api_keys`, { name: 'Key' }),
    remove: (_, id) => `/api_keys/${id}`,
  },
  listUserApiKeys: {
    path: ({ tenant, user }) => `${USERS}/users/${user}/api_keys?organization_id=${tenant}`,
    make: async ({ tenant, user }) => {
      const key = { name: 'Key', organization_id: tenant };
      const path = `${USERS}/users/${user}/api_keys`;
      const res = await gatehouse.as(both).post(path).send(key).expect(201);
      return (res.body as { id: string }).id;
    },
    remove: (_, id) => `/api_keys/${id}`,
  },
  listGroupsOfMembership: {
    path: ({ membership }) => `${USERS}/organization_memberships/${membership}/groups`,
    make: async (of) => {
      const group = await newGroup(of);
      await inGroup({ ...of, group }, of.membership);
      return group;
    },
    remove: ({ tenant }, id) => `/organizations/${tenant}/groups/${id}`,
  },
  listGroups: {
    path: ({ tenant }) => `/organizations/${tenant}/groups`,
    make: newGroup,
    remove: ({ tenant }, id) => `/organizations/${tenant}/groups/${id}`,
  },
  listDirectories: {
    path: ({ tenant }) => `/directories?organization_id=${tenant}`,
    make: ({ id }) => gatehouse.workos.addDirectory(id).id,
    remove: (_, id) => `/directories/${id}`,
  },
  listOrganizationMemberships: {
    path: ({ tenant }) => `${USERS}/organization_memberships?organization_id=${tenant}`,
    make: async (of) => (await member(of)).membership,
    remove: (_, id) => `${USERS}/organization_memberships/${id}`,
  },
  listUsers: {
    path: ({ tenant }) => `${USERS}/users?organization_id=${tenant}`,
    make: async (of) => (await member(of)).user,
    remove: (_, id) => `${USERS}/users/${id}`,
  },
};

let client: TestClient;
let both: TestClient;
let admin: string;

beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme'] });
  both = await gatehouse.createClient({ tenants: ['acme', 'globex'] });
  admin = await gatehouse.userToken();
  for (const tenant of ['acme', 'globex']) {
    await gatehouse.provision(tenant);
    const id = await organizationOf(gatehouse, tenant);
    const directory = gatehouse.workos.addDirectory(id).id;
    const directoryUser = gatehouse.workos.addDirectoryUser(directory).id;
    const { user, membership } = await member({ id });
    const group = await newGroup({ id });
    orgs[tenant] = { tenant, id, directory, directoryUser, group, user, membership };
  }
});

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly list_metadata: Readonly<Record<'after' | 'before', string | null>>;
}

let turn = 0;
/** By the next replica. */
const get = (list: List, query: object, as = client) =>
  gatehouse
    .as(as, undefined, (turn += 1) % 2)
    .get(list.path(org('acme')))
    .query(query);

/** As SDKs iterate: until a page is empty or has no cursor. */
async function* iterate(
  list: List,
  { way = 'after', ...query }: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<string, void> {
  for (let cursor: string | null = query[way] ?? null; ;) {
    const res = await get(list, { ...query, ...(cursor !== null && { [way]: cursor }) });
    expect([res.status, cursor, res.text]).toEqual([200, cursor, res.text]);
    const { data, list_metadata } = res.body as Page;
    for (const { id } of way === 'before' ? data.toReversed() : data) yield id;
    cursor = list_metadata[way as 'after' | 'before'];
    if (data.length === 0 || cursor === null) return;
  }
}
const all = async (list: List, query: Readonly<Record<string, string | undefined>>) => {
  const ids: string[] = [];
  for await (const id of iterate(list, query)) ids.push(id);
  return ids;
};

const without = (text: string, id: string) =>
  text.replaceAll(id, 'id').replace(/urn:uuid:[\w-]+/, '');

it('is tested for every list whose cursors are checked', () => {
  const checked = guardedOperations.filter(
    ({ endpoint }) => (endpoint as Partial<ForwardedEndpoint>).forward?.cursor,
  );

  expect(Object.keys(LISTS).sort()).toEqual(checked.map(({ id }) => id).sort());
});

describe.each(sample(Object.entries(LISTS), 2))('%s', (_, list) => {
  let foreign: string;
  let own: string[];
  /** In turn, so that another tenant's objects stand between. */
  beforeAll(async () => {
    for (let count = 0; count < 3; count += 1) {
      await list.make(org('acme'));
      foreign = await list.make(org('globex'));
    }
    own = await all(list, { order: 'asc', limit: '100' });
    expect(own.length).toBeGreaterThanOrEqual(3);
  });

  it.each([
    { order: 'asc', limit: '1' },
    { order: 'desc', limit: '2' },
    { order: 'normal', limit: '1', way: 'before' },
  ])('gives all of the tenant’s objects by replicas in turn: %j', async (query) => {
    const ids = await all(list, query);

    expect(ids).toEqual(query.order === 'asc' ? own : own.toReversed());
  });

  it('leads back from its last object to its first', async () => {
    const back = await all(list, {
      ...{ order: 'asc', limit: '1', way: 'before', before: own.at(-1) ?? '' },
    });

    expect(back).toEqual(own.slice(0, -1).toReversed());
  });

  it('ends at the cursor with which an iterator for Go or PHP began, and which it still sends', async () => {
    const before = own.at(-1) ?? '';

    expect(await all(list, { order: 'asc', limit: '1', before })).toEqual([own.at(-2)]);
  });

  it.each([
    ['asc', (ids: string[]) => ids],
    ['normal', (ids: string[]) => ids.toReversed()],
  ])('gives what stands between two cursors: %s', async (order, sorted) => {
    const [after, before] = [own[0] ?? '', own.at(-1) ?? ''];
    const res = await get(list, { order, limit: '100', after, before });

    expect(res.body).toMatchObject({
      data: sorted(own.slice(1, -1)).map((id) => ({ id })),
      list_metadata: { after: null },
    });
  });

  it.each(['after', 'before'])(
    'refuses another tenant’s object like one that does not exist: %s',
    async (cursor) => {
      gatehouse.workos.requests.length = 0;
      for (const as of [client, both]) {
        const texts = new Set<string>();
        // In this order, each comes to both replicas.
        for (const id of [foreign, UNKNOWN(foreign), UNKNOWN(foreign), foreign]) {
          const res = await get(list, { [cursor]: id }, as);
          expect(res.status).toBe(422);
          expect(res.body).toMatchObject({
            errors: [{ field: cursor, code: `${cursor}_invalid` }],
          });
          texts.add(without(res.text, id));
        }
        expect(texts.size).toBe(1);
      }

      const sent = gatehouse.workos.requests.filter(({ query }) => query[cursor]);
      expect(sent).toEqual([]);
    },
  );

  if (list.remove)
    it('can be emptied while it is read, one page after the other', async () => {
      const { remove = () => '' } = list;
      const more = [];
      for (let count = 0; count < 3; count += 1) more.push(await list.make(org('acme')));
      const read: string[] = [];
      for await (const id of iterate(list, { order: 'desc', limit: '1' })) {
        read.push(id);
        await gatehouse
          .as(client, admin)
          .delete(remove(org('acme'), id))
          .expect(204);
      }

      expect(read).toEqual([...own, ...more].toReversed());
    });
});

describe('an object that is gone', () => {
  const list = LISTS.listConnections ?? fail('listConnections');
  const gone = async (of: Org, as: TestClient) => {
    const id = await list.make(of);
    const token = await gatehouse.userToken({ tenant_id: of.tenant });
    await gatehouse.as(as, token).delete(`/connections/${id}`).expect(204);
    return id;
  };

  /** By the replica that has not read the object a moment ago. */
  const after = (id: string, as: TestClient, of = org('acme')) =>
    gatehouse.as(as, undefined, 1).get(list.path(of)).query({ after: id });

  it('is a cursor only for the client that deleted it', async () => {
    const id = await gone(org('acme'), both);

    const [before, ours, theirs] = [
      await after(id, client),
      await after(id, both),
      await after(id, client),
    ];

    expect([before.status, ours.status, theirs.status]).toEqual([422, 200, 422]);
  });

  it('is no cursor for a later client with the same id', async () => {
    const earlier = await gatehouse.createClient({ id: 'again', tenants: ['acme'] });
    const id = await gone(org('acme'), earlier);
    await createClientRegistry(gatehouse.database.db).delete(operator('test'), earlier.id);
    const later = await gatehouse.createClient({ id: 'again', tenants: ['acme'] });

    expect((await after(id, later)).status).toBe(422);
  });

  it('is a cursor only of its tenant’s list', async () => {
    const id = await gone(org('globex'), both);

    const [ofAcme, ofGlobex] = [await after(id, both), await after(id, both, org('globex'))];

    expect([ofAcme.status, ofGlobex.status]).toEqual([422, 200]);
  });
});

describe('the list of organizations', () => {
  it.each([{}, { domains: 'team.example' }])(
    'can be emptied while it is read, one page after the other: %j',
    async (filter) => {
      const owner = await gatehouse.createClient({ tenants: ['team-*'] });
      for (const id of ['team-1', 'team-2', 'team-3'].map((id) => `${id}${filter.domains ?? ''}`))
        await gatehouse
          .as(owner)
          .put(`/v1/tenants/${id}`)
          .send({ name: id, domains: [{ domain: 'team.example' }] })
          .expect(201);
      const read: string[] = [];
      for (let after: string | null = ''; after !== null;) {
        const res = await gatehouse
          .as(owner, undefined, (turn += 1) % 2)
          .get('/organizations')
          .query({ ...filter, limit: '1', ...(after !== '' && { after }) });
        expect([res.status, after, res.text]).toEqual([200, after, res.text]);
        const { data, list_metadata } = res.body as Page;
        for (const { id } of data) {
          read.push(id);
          await gatehouse.as(owner, admin).delete(`/organizations/${id}`).expect(204);
        }
        after = data.length === 0 ? null : list_metadata.after;
      }

      expect(read).toHaveLength(3);
    },
  );
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCaller } from '../support/http-caller.ts';
import { askWorkos, foreignOrganization, makeUser } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

interface User {
  readonly id: string;
  readonly email: string;
}
interface UserList {
  readonly data: readonly User[];
  readonly list_metadata: { readonly after: string | null };
}

const USERS = '/user_management/users';

const gatehouse = useGatehouse();
/** Every tenant. */
let platform: TestClient;
/** Some tenants: `acme` and `acme-*`. */
let client: TestClient;
/** As `client`, and not it. */
let sibling: TestClient;
let acme: string;
let sales: string;
let globex: string;
let nobodys: string;

beforeAll(async () => {
  platform = await gatehouse.createClient();
  client = await gatehouse.createClient({ tenants: ['acme', 'acme-*'] });
  sibling = await gatehouse.createClient({ tenants: ['acme', 'acme-*'] });
  for (const tenant of ['acme', 'acme-sales', 'globex']) await gatehouse.provision(tenant);
  acme = await organizationOf(gatehouse, 'acme');
  sales = await organizationOf(gatehouse, 'acme-sales');
  globex = await organizationOf(gatehouse, 'globex');
  nobodys = await foreignOrganization(gatehouse);
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
}
type Ask = (path: string, as?: TestClient) => Promise<Answer>;
const get: Ask = async (path, as = client) => gatehouse.as(as).get(`${USERS}${path}`);
const change: Ask = async (id, as = client) =>
  gatehouse.as(as).put(`${USERS}/${id}`).send({ first_name: 'Grace' });
const remove: Ask = async (id, as = client) => gatehouse.as(as).delete(`${USERS}/${id}`);
const create = async (body: object): Promise<Answer> => gatehouse.as(client).post(USERS).send(body);
const emailOf = (id: string): string => gatehouse.workos.state.users.get(id)?.email ?? '';
/** Status of reading, changing and deleting, in this order: the last one is final. */
const fateOf = async (id: string, as = client) => [
  (await get(`/${id}`, as)).status,
  (await change(id, as)).status,
  (await remove(id, as)).status,
];

const HIDDEN = [404, 404, 404];
const OWN = [200, 200, 204];
const SHARED = [200, 403, 403];

describe('a user', () => {
  it.each<[string, () => string[], number[]]>([
    ['is the client’s, a member of its tenant', () => [acme], OWN],
    ['is the client’s, a member of two tenants of its', () => [acme, sales], OWN],
    ['is shared, also a member of another tenant', () => [acme, globex], SHARED],
    ['is shared, also a member of what is nobody’s', () => [acme, nobodys], SHARED],
    ['is hidden, a member of another tenant', () => [globex], HIDDEN],
    ['is hidden, a member of what is nobody’s', () => [nobodys], HIDDEN],
    ['is hidden, a member of nothing', () => [], HIDDEN],
  ])('%s', async (_what, organizations, fate) => {
    const id = await makeUser(gatehouse, organizations());

    expect(await fateOf(id)).toEqual(fate);
    expect(gatehouse.workos.state.users.has(id)).toBe(fate !== OWN);
  });

  it.each([
    ['inactive', OWN],
    // Any client can invite anybody, so an open invitation shows nothing of a user.
    ['pending', HIDDEN],
  ] as const)('counts with a membership that is %s', async (status, fate) => {
    const [mine, shared] = [await makeUser(gatehouse, []), await makeUser(gatehouse, [acme])];
    gatehouse.workos.addMembership(acme, mine, { status });
    gatehouse.workos.addMembership(globex, shared, { status });

    expect([await fateOf(mine), await fateOf(shared)]).toEqual([fate, SHARED]);
  });

  it('is shared through the hundredth membership as through the first', async () => {
    const id = await makeUser(gatehouse, []);
    gatehouse.workos.addMembership(globex, id);
    for (let count = 0; count < 100; count += 1) gatehouse.workos.addMembership(acme, id);

    expect(await fateOf(id)).toEqual(SHARED);
  });

  it('is reported as shared, and not changed', async () => {
    const id = await makeUser(gatehouse, [acme, globex]);

    const { body } = await change(id);

    expect(body).toMatchObject({ code: 'user_is_shared' });
    expect(gatehouse.workos.state.users.get(id)).toMatchObject({ first_name: null });
  });

  it('who is hidden and who never existed are answered alike', async () => {
    const id = await makeUser(gatehouse, [globex]);
    const answersTo = async (user: string) =>
      (
        await Promise.all(
          [get(`/${user}`), change(user), remove(user)].map(async (answer) => (await answer).text),
        )
      ).map((text) => text.replaceAll(/[0-9a-f-]{36}/g, ''));

    expect(await answersTo(id)).toEqual(await answersTo('user_00000000000000000000000000'));
  });

  it('is visible to a client of every tenant', async () => {
    const id = await makeUser(gatehouse, [globex, nobodys]);

    expect(await fateOf(id, platform)).toEqual(OWN);
  });
});

describe('a user whom a client created', () => {
  it('belongs to that client alone while they have no membership', async () => {
    const { body } = await create({ email: 'eve@acme.example', external_id: 'eve' });
    const { id } = body as User;

    expect(await fateOf(id, sibling)).toEqual(HIDDEN);
    expect((await get('/external_id/eve')).body).toEqual(body);
    expect((await get('/external_id/eve', sibling)).status).toBe(404);
    expect(await fateOf(id)).toEqual(OWN);
    expect((await get(`/${id}`)).status).toBe(404);
  });

  it('is shared once they are a member elsewhere', async () => {
    const { body } = await create({ email: 'fay@acme.example' });
    const { id } = body as User;
    gatehouse.workos.addMembership(globex, id);

    expect(await fateOf(id)).toEqual(SHARED);
  });

  it('has every given field', async () => {
    const given = {
      email: 'gus@acme.example',
      first_name: 'Gus',
      last_name: null,
      external_id: 'gus',
      metadata: { team: 'blue', organization_id: 'theirs' },
    };

    const { status, body } = await create(given);

    expect([status, body]).toMatchObject([201, { object: 'user', ...given }]);
  });

  it('is returned without fields that WorkOS may add', async () => {
    const id = await makeUser(gatehouse, [acme]);
    const user = gatehouse.workos.state.users.get(id);
    gatehouse.workos.fault(`GET ${USERS}/*`, {
      kind: 'status',
      status: 200,
      body: { ...user, password_hash: 'canary', locale: 'tlh', name: null },
    });

    expect((await get(`/${id}`)).body).toEqual({ ...user, locale: 'tlh', name: null });
  });
});

describe('getUserByExternalId', () => {
  it.each(['person 1', 'a/b', 'a%2Fb', '?x=1', '#x', '..%2f..'])(
    'finds %j unchanged',
    async (externalId) => {
      const id = await makeUser(gatehouse, [acme], { external_id: externalId });

      const { status, body } = await get(`/external_id/${encodeURIComponent(externalId)}`);

      expect([status, (body as User).id]).toEqual([200, id]);
    },
  );

  it.each(['.', '..'])('refuses %j, which would be another path at WorkOS', async (externalId) => {
    const before = gatehouse.workos.requests.length;
    const caller = createCaller(gatehouse.url);

    // Written out, since most clients resolve it.
    const { status } = await caller.send({
      method: 'get',
      path: `${USERS}/external_id/${externalId.replaceAll('.', '%2e')}`,
      headers: { authorization: `Bearer ${client.key}` },
    });
    await caller.close();

    expect(status).toBe(404);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });
});

describe('listUsers', () => {
  const idsOf = ({ body }: { body: unknown }) => (body as UserList).data.map(({ id }) => id);

  it('lists the members of a tenant, page by page', async () => {
    await gatehouse.provision('acme-team');
    const team = await organizationOf(gatehouse, 'acme-team');
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push(await makeUser(gatehouse, [team, globex]));

    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const cursor: string = after && `&after=${after}`;
      const res = await get(`?organization_id=acme-team&limit=2${cursor}`);
      seen.push(...idsOf(res));
      after = (res.body as UserList).list_metadata.after;
    }

    expect(seen).toEqual(made.toReversed());
  });

  it.each(['globex', 'nowhere'])('shows nothing of %s', async (tenant) => {
    const { status, body } = await get(`?organization_id=${tenant}`);

    expect([status, body]).toMatchObject([404, { code: 'tenant_not_found' }]);
  });

  it('finds by e-mail address only users that the client may see', async () => {
    const mine = await makeUser(gatehouse, [acme]);
    const shared = await makeUser(gatehouse, [acme, globex]);
    const hidden = await makeUser(gatehouse, [globex]);
    const find = async (id: string, as = client) =>
      idsOf(await get(`?email=${encodeURIComponent(emailOf(id))}`, as));

    expect([await find(mine), await find(shared), await find(hidden)]).toEqual([
      [mine],
      [shared],
      [],
    ]);
    expect(await find(hidden, platform)).toEqual([hidden]);
  });

  it('shows all users only to a client of every tenant', async () => {
    const [all, none] = [await get('', platform), await get('')];

    expect(all.status).toBe(200);
    expect([none.status, none.body]).toMatchObject([422, { code: 'organization_id_required' }]);
  });

  it('does not accept WorkOS’s own organization id', async () => {
    expect((await get(`?organization_id=${acme}`)).status).toBe(422);
  });
});

describe('while memberships cannot be read', () => {
  it('nothing is shown and nothing is changed', async () => {
    const id = await makeUser(gatehouse, [acme]);
    gatehouse.workos.fault('GET /user_management/organization_memberships', {
      kind: 'status',
      status: 403,
    });

    expect(await fateOf(id)).toEqual([502, 502, 502]);
    gatehouse.workos.clearFaults();
    const still = await askWorkos<User>(gatehouse, 'GET', `${USERS}/${id}`);
    expect(still).toMatchObject({ id, first_name: null });
  });
});

/** Anybody can be invited, so an invitation gives the inviting client no rights over the user. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeUser } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { acme, client, gatehouse, get, globex, platform, useResources } from './resources-setup.ts';

const USERS = '/user_management/users';
/** What other tenants have told WorkOS about the user. */
const PROFILE = { first_name: 'Grace', external_id: 'of-globex', metadata: { of: 'globex' } };

useResources();
/** A member of `globex`, whom the client has invited to `acme`. */
let invited: string;
let email: string;

beforeAll(async () => {
  invited = await makeUser(gatehouse, [globex], PROFILE);
  email = gatehouse.workos.state.users.get(invited)?.email ?? '';
  await post('/user_management/invitations', { email, organization_id: 'acme' }).expect(201);
});

const post = (path: string, body: object, as: TestClient = client, userToken?: string) =>
  gatehouse.as(as, userToken).post(path).send(body);
const usersOf = async (query: string, as: TestClient = client) => {
  const res = await get(`${USERS}?organization_id=acme&limit=100${query}`, as).expect(200);
  return (res.body as { data: { id: string; email: string; first_name?: string }[] }).data;
};

describe('a user of another tenant whom the client has invited', () => {
  it.each(['client', 'platform'] as const)(
    'gets no token for widgets, with which its holder acts as the user: %s',
    async (who) => {
      const body = { organization_id: 'acme', user_id: invited };
      const as = { client, platform }[who];

      const res = await post('/widgets/token', body, as, await gatehouse.userToken());

      expect([res.status, res.body]).toMatchObject([404, { code: 'not_found' }]);
      expect(gatehouse.workos.requestsTo('POST /widgets/token')).toEqual([]);
    },
  );

  it('gets no API key', async () => {
    const path = `${USERS}/${invited}/api_keys`;

    const res = await post(path, { organization_id: 'acme', name: 'Key' });

    expect([res.status, res.body]).toMatchObject([404, { code: 'not_found' }]);
    expect(gatehouse.workos.requestsTo(`POST ${path}`)).toEqual([]);
  });

  it.each(['', 'with the e-mail address'])(
    'is listed with the id and the e-mail address alone, %s',
    async (filter) => {
      const found = await usersOf(filter && `&email=${email}`);

      const { id, email: address, ...rest } = found.find((one) => one.id === invited) ?? {};
      expect([id, address]).toEqual([invited, email]);
      expect(JSON.stringify(rest)).not.toMatch(/Grace|globex/);
    },
  );

  it('is shown in full to a client of every tenant', async () => {
    const found = await usersOf('', platform);

    expect(found.find(({ id }) => id === invited)).toMatchObject(PROFILE);
  });
});

describe('the list of a tenant’s users', () => {
  it('shows in full whom the client sees otherwise, be they invited', async () => {
    const made = await post(USERS, { email: 'own@acme.example', first_name: 'Ada' }).expect(201);
    const { id } = made.body as { id: string };
    const member = await makeUser(gatehouse, [acme], { first_name: 'Max' });
    gatehouse.workos.addMembership(acme, id, { status: 'pending' });

    const found = await usersOf('');

    expect(found.find((one) => one.id === id)).toMatchObject({ first_name: 'Ada' });
    expect(found.find((one) => one.id === member)).toMatchObject({ first_name: 'Max' });
  });

  it('is answered after a few requests to WorkOS, even if a thousand users are invited', async () => {
    await gatehouse.provision('initech');
    const initech = await organizationOf(gatehouse, 'initech');
    const [user] = [...gatehouse.workos.state.users.values()].filter(({ id }) => id === invited);
    for (let count = 0; user && count < 1_000; count += 1) {
      const id = `user_${count}`;
      gatehouse.workos.state.users.set(id, { ...user, id, email: `${id}@initech.example` });
      gatehouse.workos.addMembership(initech, id, { status: 'pending' });
    }
    const before = gatehouse.workos.requests.length;

    const res = await get(`${USERS}?organization_id=initech&limit=1`).expect(200);

    expect((res.body as { data: object[] }).data).toHaveLength(1);
    expect(res.text).not.toContain('Grace');
    expect(gatehouse.workos.requests.length - before).toBeLessThan(10);
  });
});

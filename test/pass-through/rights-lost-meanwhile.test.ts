/** A client loses its right to a tenant, and the tenant ends, while WorkOS makes or reads a secret. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { interleave, pauseCall } from '../support/interleave.ts';
import { askWorkos, makeThings, type Things } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { outcomeOf } from './attacks-setup.ts';

const gatehouse = useGatehouse();
let platform: TestClient;
let client: TestClient;
let token: string;
let things: Things;
let made = 0;

beforeAll(async () => {
  platform = await gatehouse.createClient();
});

async function newParty(): Promise<string> {
  made += 1;
  const tenant = `tenant-${made}`;
  await gatehouse.provision(tenant);
  client = await gatehouse.createClient({ tenants: [tenant] });
  token = await gatehouse.userToken({ tenant_id: tenant });
  things = await makeThings(gatehouse, await organizationOf(gatehouse, tenant));
  return tenant;
}

const withdraw = () =>
  gatehouse.database.superuser(`update clients set tenants = '{elsewhere}' where id = $1`, [
    client.id,
  ]);
const end = (tenant: string) => gatehouse.as(platform).delete(`/v1/tenants/${tenant}`).expect(204);
const INVITATIONS = '/user_management/invitations';

it.each<[string, () => string]>([
  [`${INVITATIONS}/*`, () => `${INVITATIONS}/${things.invitation}`],
  [`${INVITATIONS}/by_token/*`, () => `${INVITATIONS}/by_token/${things.invitationToken}`],
])(
  'the secrets of an invitation are not shown to a client that has lost the tenant: %s',
  async (operation, path) => {
    await newParty();

    const [answer] = await interleave(
      pauseCall(gatehouse.workos, `GET ${operation}`, 'after-effect'),
      () => gatehouse.as(client).get(path()),
      withdraw,
    );

    expect(outcomeOf(answer)).toEqual([404, 'not_found']);
  },
);

it.each<[string, (tenant: string) => PromiseLike<unknown>]>([
  ['that has lost the tenant', withdraw],
  ['whose tenant has ended', end],
])('a code to sign in by is not answered to a client %s', async (_what, lose) => {
  const tenant = await newParty();

  const [answer] = await interleave(
    pauseCall(gatehouse.workos, 'POST /user_management/magic_auth', 'after-effect'),
    () =>
      gatehouse.as(client, token).post('/user_management/magic_auth').send({ email: things.email }),
    () => lose(tenant),
  );

  expect(outcomeOf(answer)).toEqual([404, 'tenant_not_found']);
});

describe('a client that loses the right to every tenant meanwhile', () => {
  const call = async (method: 'get' | 'post', path: string, body?: object) => {
    client = await gatehouse.createClient();
    const [answer] = await interleave(
      pauseCall(gatehouse.workos, `${method.toUpperCase()} ${path}`, 'after-effect'),
      () => gatehouse.as(client)[method](path).send(body),
      withdraw,
    );
    return outcomeOf(answer);
  };

  it('gets no list of invitations with their secrets', async () => {
    await newParty();

    expect(await call('get', INVITATIONS)).toEqual([422, 'organization_id_required']);
  });

  it('gets no invitation of the environment', async () => {
    const { id } = await askWorkos(gatehouse, 'POST', INVITATIONS, { email: 'eve@people.example' });

    expect(await call('get', `${INVITATIONS}/${id}`)).toEqual([404, 'not_found']);
  });

  it.each(['/user_management/magic_auth', '/user_management/password_reset'])(
    'gets no secret of a user, new or old: %s',
    async (path) => {
      await newParty();
      const { email } = things;
      const { id } = await askWorkos(gatehouse, 'POST', path, { email });

      expect(await call('post', path, { email })).toEqual([404, 'not_found']);
      expect(await call('get', `${path}/${id}`)).toEqual([404, 'not_found']);
    },
  );
});

/** A client loses its right to a tenant, and the tenant ends, while WorkOS makes or reads a secret. */
import { beforeAll, expect, it } from '@jest/globals';
import { interleave, pauseCall } from '../support/interleave.ts';
import { makeThings, type Things } from '../support/resource-things.ts';
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

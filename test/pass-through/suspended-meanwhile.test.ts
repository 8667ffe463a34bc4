/** A tenant is suspended by another replica while an operation that gives somebody access asks WorkOS. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { interleave, pauseCall } from '../support/interleave.ts';
import { makeThings, type Things } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { outcomeOf } from './attacks-setup.ts';

const MEMBERSHIPS = '/user_management/organization_memberships';
const INVITATIONS = '/user_management/invitations';

const gatehouse = useGatehouse({ replicas: 2 });
let platform: TestClient;
let made = 0;

beforeAll(async () => {
  platform = await gatehouse.createClient();
});

interface Party {
  readonly tenantId: string;
  readonly client: TestClient;
  readonly token: string;
  readonly things: Things;
  /** A user whom the client has created. */
  readonly newUser: string;
}

async function newParty(): Promise<Party> {
  made += 1;
  const tenantId = `tenant-${made}`;
  await gatehouse.provision(tenantId);
  const client = await gatehouse.createClient({ tenants: [tenantId] });
  const user = await gatehouse
    .as(client)
    .post('/user_management/users')
    .send({ email: `new-${made}@people.example` })
    .expect(201);
  return {
    tenantId,
    client,
    token: await gatehouse.userToken({ sub: `admin-${made}`, tenant_id: tenantId }),
    things: await makeThings(gatehouse, await organizationOf(gatehouse, tenantId)),
    newUser: (user.body as { id: string }).id,
  };
}

type Make = (party: Party) => readonly ['post' | 'put', path: string, body?: object];

/** Asks, and suspends the tenant while WorkOS answers this operation. */
async function askAndSuspend(operation: string, make: Make) {
  const party = await newParty();
  const { tenantId, client, token } = party;
  const [method, path, body] = make(party);
  const before = gatehouse.workos.requests.length;
  const [answer, suspended] = await interleave(
    pauseCall(gatehouse.workos, operation, 'after-effect'),
    () => gatehouse.as(client, token)[method](path).send(body),
    () =>
      gatehouse
        .as(platform, undefined, 1)
        .patch(`/v1/tenants/${tenantId}`)
        .send({ status: 'suspended' }),
  );
  expect(suspended.status).toBe(200);
  const changes = gatehouse.workos.requests
    .slice(before)
    .map((request) => `${request.method} ${request.path}`)
    // The suspension itself may be written to the organization.
    .filter((request) => !/^(GET|PUT \/organizations\/[^/]+$)/.test(request));
  return { answer, changes };
}

describe('a secret of a tenant', () => {
  it.each<readonly [string, string, Make]>([
    [
      'an API key',
      'POST /organizations/*/api_keys',
      ({ tenantId }) => ['post', `/organizations/${tenantId}/api_keys`, { name: 'Key' }],
    ],
    [
      'an API key of a user',
      'POST /user_management/users/*/api_keys',
      ({ tenantId, things }) => [
        'post',
        `/user_management/users/${things.user}/api_keys`,
        { name: 'Key', organization_id: tenantId },
      ],
    ],
    [
      'a token for widgets',
      'POST /widgets/token',
      ({ tenantId }) => ['post', '/widgets/token', { organization_id: tenantId }],
    ],
    [
      'an invitation',
      `POST ${INVITATIONS}`,
      ({ tenantId }) => [
        'post',
        INVITATIONS,
        { email: 'x@people.example', organization_id: tenantId },
      ],
    ],
    [
      'an invitation that is sent again',
      `POST ${INVITATIONS}/*/resend`,
      ({ things }) => ['post', `${INVITATIONS}/${things.invitation}/resend`],
    ],
  ])('is not answered once the tenant is suspended: %s', async (_what, operation, make) => {
    const { answer, changes } = await askAndSuspend(operation, make);

    expect(outcomeOf(answer)).toEqual([409, 'tenant_not_active']);
    if (operation.endsWith('api_keys')) expect(changes.at(-1)).toMatch('DELETE /api_keys/');
  });
});

describe('WorkOS is not told to give access', () => {
  it.each<readonly [string, string, Make]>([
    [
      'a new membership',
      `GET ${MEMBERSHIPS}`,
      ({ tenantId, newUser }) => [
        'post',
        MEMBERSHIPS,
        { user_id: newUser, organization_id: tenantId },
      ],
    ],
    [
      'another role',
      `GET ${MEMBERSHIPS}/*`,
      ({ things }) => ['put', `${MEMBERSHIPS}/${things.membership}`, { role_slug: 'admin' }],
    ],
    [
      'a membership that is active again',
      `GET ${MEMBERSHIPS}/*`,
      ({ things }) => ['put', `${MEMBERSHIPS}/${things.membership}/reactivate`],
    ],
    [
      'an accepted invitation',
      'GET /user_management/users',
      ({ things }) => ['post', `${INVITATIONS}/${things.invitation}/accept`],
    ],
    [
      'an invitation that is sent again',
      `GET ${INVITATIONS}/*`,
      ({ things }) => ['post', `${INVITATIONS}/${things.invitation}/resend`],
    ],
  ])('once the tenant is suspended: %s', async (_what, lookUp, make) => {
    const { answer, changes } = await askAndSuspend(lookUp, make);

    expect(outcomeOf(answer)).toEqual([409, 'tenant_not_active']);
    expect(changes).toEqual([]);
  });
});

it('an invitation whose tenant is deleted while WorkOS is asked is one that does not exist', async () => {
  const party = await newParty();
  const { tenantId, client, token, things } = party;
  const [answer, deleted] = await interleave(
    pauseCall(gatehouse.workos, 'GET /user_management/users', 'after-effect'),
    () => gatehouse.as(client, token).post(`${INVITATIONS}/${things.invitation}/accept`),
    () => gatehouse.as(platform, undefined, 1).delete(`/v1/tenants/${tenantId}`),
  );

  expect([deleted.status, outcomeOf(answer)]).toEqual([204, [404, 'not_found']]);
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import type { ClientChange, NewClient } from '../../src/clients/registration.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { SCOPES, type Scope } from '../../src/core/identity.ts';
import { interleave, pauseCall } from '../support/interleave.ts';
import { askWorkos } from '../support/resource-things.ts';
import { REDIRECT_URI } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

/** A repeated request is answered as at first only while its client still has the rights. */

const gatehouse = useGatehouse({
  replicas: 2,
  env: { USER_TOKEN_COOKIE: '', WEBHOOK_ENDPOINT_ORIGINS: 'https://*.internal.example' },
});
let admin: string;
beforeAll(async () => {
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});

const all = (...but: Scope[]): Scope[] => SCOPES.filter((scope) => !but.includes(scope));
const newClient = (fields: Partial<NewClient> = {}) =>
  gatehouse.createClient({ redirectUris: [REDIRECT_URI], ...fields });

/** As the command line does, and with a key that no replica remembers. */
async function change({ id }: TestClient, fields: ClientChange): Promise<TestClient> {
  const registry = createClientRegistry(gatehouse.database.db);
  await registry.update(operator('test'), id, fields);
  const { key } = await registry.rotateKey(operator('test'), id, { seconds: null });
  return { id, key: key.reveal() };
}

interface Call {
  readonly method: 'put' | 'post';
  readonly path: string;
  readonly body: object;
}
const call = (by: TestClient, { method, path, body }: Call, replica = 0) =>
  gatehouse.as(by, admin, replica)[method](path).set('idempotency-key', path).send(body);

const put = (id: string, body: object = {}): Call => ({
  method: 'put',
  path: `/v1/tenants/${id}`,
  body: { name: id, ...body },
});
const launch: Call = {
  method: 'post',
  path: '/v1/portal-launches',
  body: { tenant_id: 'acme', intent: 'sso' },
};
const authorizationUrl: Call = {
  method: 'post',
  path: '/v1/sso/authorization-urls',
  body: { redirect_uri: REDIRECT_URI, organization: 'acme' },
};

describe('a repeated request', () => {
  it.each([
    ['tenants:write', put('scoped'), 'tenants:write'],
    [
      'domains:verify',
      put('verified', { domains: [{ domain: 'verified.example', state: 'verified' }] }),
      'domains:verify',
    ],
    ['portal:launch', launch, 'portal:launch'],
    ['sso:login', authorizationUrl, 'sso:login'],
  ] as const)('is 403 once the client has lost %s', async (_what, request, scope) => {
    const client = await newClient();
    await call(client, request).expect((res) => {
      expect([200, 201]).toContain(res.status);
    });

    const less = await change(client, { scopes: all(scope) });

    for (const replica of [0, 1]) {
      const res = await call(less, request, replica);
      expect([res.status, res.body]).toMatchObject([403, { code: 'insufficient_scope' }]);
    }
  });

  it('is 403 once the client may not adopt any more', async () => {
    const organization = await askWorkos(gatehouse, 'POST', '/organizations', { name: 'Adopted' });
    const client = await newClient();
    const adopt = put('adopted', { workos_organization_id: organization.id });
    await call(client, adopt).expect(201);

    const less = await change(client, { scopes: all('tenants:adopt') });

    expect((await call(less, adopt, 1)).status).toBe(403);
  });

  it('does not show the organization to a client that may not adopt any more', async () => {
    const client = await newClient();
    const first = await call(client, put('shown')).expect(201);
    expect(first.body).toHaveProperty('workos_organization_id');

    const less = await change(client, { scopes: all('tenants:adopt') });
    const again = await call(less, put('shown'), 1).expect(201);

    expect(again.body).toMatchObject({ object: 'tenant', id: 'shown' });
    expect(again.text).not.toContain('org_');
    expect(again.body).not.toHaveProperty('workos_organization_id');
  });

  it.each([
    ['a tenant', put('taken-away')],
    ['a launch', launch],
    ['an address to sign in at', authorizationUrl],
  ])('is 404 once the tenant was taken from the client: %s', async (_what, request) => {
    const client = await newClient();
    await call(client, request).expect((res) => {
      expect([200, 201]).toContain(res.status);
    });

    const less = await change(client, { tenants: ['globex'] });

    const res = await call(less, request, 1);
    expect([res.status, res.body]).toMatchObject([404, { code: 'tenant_not_found' }]);
  });

  it('of a long ticket is refused once the registry does not grant the user the role', async () => {
    const client = await newClient();
    const itAdmin = gatehouse.as(client);
    await itAdmin.put('/v1/tenants/acme/it-admins/ada').send({ state: 'granted' });
    const long = { ...launch, body: { ...launch.body, mode: 'confirm', expires_in: 3_600 } };
    await call(client, long).expect(201);

    await itAdmin.delete('/v1/tenants/acme/it-admins/ada').expect(204);

    expect((await call(client, long, 1)).body).toMatchObject({ code: 'registry_grant_required' });
  });

  it('to deliver events again is 403 once the client may not read events', async () => {
    const client = await newClient();
    const added = await gatehouse
      .as(client)
      .post('/webhook_endpoints')
      .send({ endpoint_url: 'https://a.internal.example/', events: ['user.created'] })
      .expect(201);
    const { id } = added.body as { id: string };
    const path = `/v1/webhook-endpoints/${id}/replay`;
    const replay: Call = { method: 'post', path, body: { missed: true } };
    await call(client, replay).expect(200);

    const less = await change(client, { scopes: all('events:read') });

    expect((await call(less, replay, 1)).status).toBe(403);
  });
});

describe('a key that a deleted client used', () => {
  it('is not taken from the new client by a request that was under way', async () => {
    const old = await newClient({ id: 'once' });
    const registry = createClientRegistry(gatehouse.database.db);
    const pause = pauseCall(gatehouse.workos, 'POST /organizations', 'after-effect');

    const [, [team, first]] = await interleave(
      pause,
      () => call(old, put('under-way')),
      async () => {
        await registry.delete(operator('test'), old.id);
        const client = await newClient({ id: 'once' });
        const itAdmin: Call = {
          method: 'put',
          path: '/v1/tenants/acme/it-admins/eve',
          body: { state: 'granted' },
        };
        const agent = gatehouse.as(client, undefined, 1);
        const granted = await agent
          .put(itAdmin.path)
          .set('idempotency-key', '/v1/tenants/under-way')
          .send(itAdmin.body);
        return [client, granted] as const;
      },
    );

    const again = await gatehouse
      .as(team)
      .put('/v1/tenants/acme/it-admins/eve')
      .set('idempotency-key', '/v1/tenants/under-way')
      .send({ state: 'granted' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
  });
});

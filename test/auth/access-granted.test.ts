import { describe, expect, it } from '@jest/globals';
import { implement } from '../../src/http/endpoint.ts';
import {
  callOf,
  guardedOperations,
  operations,
  resourceOperations,
} from '../support/operations.ts';
import { gatehouse, caller, client, bearer, userFor, useCallers } from './access-setup.ts';

useCallers();

/** Operations that have an example in the contract and need no object of WorkOS. */
const exemplified = guardedOperations.filter(
  ({ id, endpoint }) =>
    (endpoint.example ?? !endpoint.body) &&
    !endpoint.path.includes('{id}') &&
    !resourceOperations.some((resource) => resource.id === id),
);

describe('a permitted caller', () => {
  it.each(exemplified.map((operation) => [operation.id, operation] as const))(
    'may do %s',
    async (id, operation) => {
      const tenant = `own-${id}`;
      await gatehouse.provision(tenant);
      const user = await userFor('an IT admin', tenant);
      const agent = gatehouse.as(client, user['gatehouse-user-token']);
      await agent.put(`/v1/tenants/${tenant}/it-admins/eve`).send({ state: 'granted' }).expect(201);
      const created = await agent
        .post('/v1/portal-launches')
        .send({ tenant_id: tenant, intent: 'sso' })
        .expect(201);
      const { id: launch } = created.body as { id: string };

      const { status } = await caller.send(
        callOf(operation, { tenant, user: 'eve', launch }, { ...bearer(client.key), ...user }),
      );

      expect([200, 201, 204]).toContain(status);
    },
  );

  it('may be a workload with its token', async () => {
    const token = await gatehouse.issuer.sign({ aud: 'gatehouse-clients', sub: 'system:billing' });

    const { status } = await caller.send({
      method: 'get',
      path: '/v1/tenants/acme',
      headers: bearer(token),
    });

    expect(status).toBe(200);
  });

  it.each([
    ['granted', { sub: 'grace', tenant_id: 'acme', roles: [] }],
    ['an IT admin by one role of several', { roles: ['member', 'it_admin'] }],
    ['an IT admin by a role that stands alone', { roles: 'it_admin' }],
  ])('may act for a user who is %s', async (_name, claims) => {
    await gatehouse
      .as(client)
      .put('/v1/tenants/acme/it-admins/grace')
      .send({ state: 'granted' })
      .expect((res) => expect([200, 201]).toContain(res.status));

    const res = await gatehouse
      .as(client, await gatehouse.userToken(claims))
      .post('/v1/portal-launches')
      .send({ tenant_id: 'acme', intent: 'sso' });

    expect(res.status).toBe(201);
  });
});

describe('every operation', () => {
  it('declares who may call it', () => {
    for (const { endpoint } of operations) expect(endpoint.access).toBeDefined();
  });

  it('does not compile without it', () => {
    const contract = {
      open: {
        method: 'get',
        path: '/v1/open',
        summary: 'Open',
        reply: { status: 204 },
        problems: [],
      },
    } as const;

    // @ts-expect-error -- the compiler is the test: `access` is missing, and there is no default
    expect(implement(contract, { open: () => Promise.resolve(undefined) })).toHaveLength(1);
  });

  it('is closed to strangers, except for pages and operations that authenticate callers themselves', () => {
    const open = operations
      .filter(({ endpoint }) => endpoint.access === 'public' && endpoint.reply.status !== 'browser')
      .map(({ id }) => id);

    expect(open).toEqual(['exchangeSsoCode', 'getSsoProfile', 'oauthMetadata', 'receiveWebhook']);
  });
});

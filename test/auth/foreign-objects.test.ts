/** Objects that an operation addresses by an id of their own are hidden from clients that may not see them. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCaller } from '../support/http-caller.ts';
import { callOf, guardedOperations, resourceOperations } from '../support/operations.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: 'https://app.example.com' } });
let stranger: TestClient;
/** An existing object for each beginning of a path. Add one for an operation with a new kind of object. */
const objects = new Map<string, string>();

/**
 * Operations whose `access` names no tenant: only their own code keeps other clients out. Those of
 * WorkOS's objects are tested in test/pass-through/resources-access.test.ts.
 */
const byOwnId = guardedOperations.filter(
  ({ endpoint: { path }, access, id }) =>
    path.includes('{') &&
    !access.tenant &&
    !access.everyTenant &&
    !resourceOperations.some((resource) => resource.id === id),
);

beforeAll(async () => {
  const owner = await gatehouse.createClient();
  stranger = await gatehouse.createClient({ tenants: ['elsewhere'] });
  await gatehouse.provision('acme');
  const api = gatehouse.as(owner, await gatehouse.userToken());
  const launch = await api
    .post('/v1/portal-launches')
    .send({ tenant_id: 'acme', intent: 'sso' })
    .expect(201);
  const endpoint = await api
    .post('/webhook_endpoints')
    .send({ endpoint_url: 'https://app.example.com/hook', events: ['connection.activated'] })
    .expect(201);
  const [launchId, endpointId] = [launch, endpoint].map(({ body }) => (body as { id: string }).id);
  objects.set('/v1/portal-launches/', launchId ?? '');
  objects.set('/webhook_endpoints/', endpointId ?? '');
  objects.set('/v1/webhook-endpoints/', endpointId ?? '');
});

describe('an object of another client', () => {
  it.each(byOwnId.map((operation) => [operation.id, operation] as const))(
    'is unknown to %s, and is answered like one that does not exist',
    async (_, operation) => {
      const { path } = operation.endpoint;
      const object = [...objects].find(([beginning]) => path.startsWith(beginning))?.[1];
      if (object === undefined) throw new Error(`Add an object for ${path} to this test.`);
      const caller = createCaller(gatehouse.url, 1);
      const ask = async (id: string) => {
        const { status, json } = await caller.send(
          callOf(
            operation,
            { tenant: 'acme', launch: id, params: { id } },
            { authorization: `Bearer ${stranger.key}` },
          ),
        );
        return { status, ...json, instance: '' };
      };

      const [foreign, unknown] = [await ask(object), await ask(`${object.slice(0, -4)}0000`)];
      await caller.close();

      expect(foreign.status).toBe(404);
      expect(foreign).toEqual(unknown);
    },
  );
});

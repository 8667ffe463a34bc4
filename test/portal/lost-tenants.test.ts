/** A client that has lost a tenant learns no more of what its IT admins do in the Admin Portal. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

const LAUNCHES = '/v1/portal-launches';
const UNKNOWN = `launch_${'0'.repeat(32)}`;

const gatehouse = useGatehouse();
let client: TestClient;
/** Of `acme`, which the client loses, and of `globex`. */
const launches: Record<'acme' | 'globex', string> = { acme: '', globex: '' };
const api = () => gatehouse.as(client);
/** Resolves once the service has seen the change, which takes a moment. */
async function setTenants(tenants: string[]): Promise<void> {
  const registry = createClientRegistry(gatehouse.database.db);
  await registry.update(operator('test'), client.id, { tenants });
  const expected = tenants.includes('acme') ? 200 : 404;
  await waitFor(async () => (await api().get('/v1/tenants/acme')).status === expected);
}

beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme', 'globex'] });
  for (const tenant of ['globex', 'acme'] as const) {
    await gatehouse.provision(tenant);
    const token = await gatehouse.userToken({ tenant_id: tenant });
    const body = { tenant_id: tenant, intent: 'sso' };
    const res = await gatehouse.as(client, token).post(LAUNCHES).send(body).expect(201);
    launches[tenant] = (res.body as { id: string }).id;
  }
  await setTenants(['globex']);
});

const listed = async (query = '') => {
  const res = await api().get(`${LAUNCHES}?limit=1${query}`);
  const { data } = res.body as { data?: { id: string }[] };
  return [res.status, data?.map(({ id }) => id)];
};

describe('the launches of a tenant that the client has lost', () => {
  it.each([
    ['read', (id: string) => api().get(`${LAUNCHES}/${id}`)],
    ['revoked', (id: string) => api().post(`${LAUNCHES}/${id}/revoke`)],
  ])('are answered like those that do not exist: %s', async (_what, ask) => {
    const [lost, unknown] = [await ask(launches.acme), await ask(UNKNOWN)];

    expect(lost.status).toBe(404);
    expect({ ...(lost.body as object), instance: '' }).toEqual({
      ...(unknown.body as object),
      instance: '',
    });
  });

  it('are not listed, and are no cursors', async () => {
    expect(await listed()).toEqual([200, [launches.globex]]);
    expect(await listed(`&after=${launches.acme}`)).toEqual(await listed(`&after=${UNKNOWN}`));
  });

  it('are there again once the client may use the tenant again', async () => {
    await setTenants(['acme', 'globex']);

    expect(await listed()).toEqual([200, [launches.acme]]);
    expect((await api().get(`${LAUNCHES}/${launches.acme}`)).body).toMatchObject({
      status: 'created',
    });
  });
});

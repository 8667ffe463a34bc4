import { beforeAll } from '@jest/globals';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export let gatehouse: TestApp;
/** Every scope, every tenant. */
export let platform: TestClient;
/** What a sibling service usually has. */
export let sibling: TestClient;

export const put = (id: string, body: object, client = platform) =>
  gatehouse.as(client).put(`/v1/tenants/${id}`).send(body);

export const patch = (id: string, body: object, client = platform) =>
  gatehouse.as(client).patch(`/v1/tenants/${id}`).send(body);

export const get = (id: string, client = platform) => gatehouse.as(client).get(`/v1/tenants/${id}`);

/** The one organization with a tenant's external id. */
export function organizationOf(tenantId: string) {
  const found = [...gatehouse.workos.organizations.values()].filter(
    ({ external_id }) => external_id === `gh:test:${tenantId}`,
  );
  if (found.length > 1) throw new Error(`${tenantId} has ${found.length} organizations.`);
  return found[0];
}

interface Organization {
  readonly id: string;
}

/** An organization that somebody made by hand, in WorkOS's dashboard. */
export async function foreignOrganization(fields: object): Promise<string> {
  const response = await fetch(`${gatehouse.workos.url}/organizations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gatehouse.workos.apiKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'Made by hand', ...fields }),
  });
  return ((await response.json()) as Organization).id;
}

/** What WorkOS was asked meanwhile. */
export async function upstreamCallsDuring(work: () => PromiseLike<unknown>): Promise<number> {
  const before = gatehouse.workos.requests.length;
  await work();
  return gatehouse.workos.requests.length - before;
}

export function useTenants(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    platform = await gatehouse.createClient({ id: 'platform' });
    sibling = await gatehouse.createClient({
      id: 'sibling',
      scopes: ['tenants:read', 'tenants:write', 'tenants:delete'],
    });
  });
}

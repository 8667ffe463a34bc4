import { beforeAll } from '@jest/globals';
import type { z } from 'zod';
import type { DomainState } from '../../src/dev/fake-workos/server.ts';
import type { setupContract } from '../../src/setup/contract.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export let gatehouse: TestApp;
export let client: TestClient;
let tenants = 0;

export interface TestTenant {
  readonly id: string;
  readonly organizationId: string;
}

export async function newTenant(): Promise<TestTenant> {
  tenants += 1;
  const id = `tenant-${tenants}`;
  await gatehouse.provision(id);
  const [row] = await gatehouse.database.superuser<{ organization_id: string }>(
    'select organization_id from tenants where id = $1',
    [id],
  );
  return { id, organizationId: row?.organization_id ?? '' };
}

export type Setup = z.output<(typeof setupContract)['getTenantSetup']['reply']['body']>;

type Answer = Setup & { readonly code?: string };

export async function setupOf(
  { id }: Pick<TestTenant, 'id'>,
  query: Readonly<Record<string, string>> = {},
) {
  const res = await gatehouse.as(client).get(`/v1/tenants/${id}/setup`).query(query);
  return { status: res.status, body: res.body as Answer };
}

/** How often WorkOS was asked what this organization has. */
export const reads = ({ organizationId }: TestTenant): number =>
  gatehouse.workos.requests.filter(
    ({ method, path, query }) =>
      method === 'GET' &&
      (query.organization_id === organizationId ||
        path.startsWith(`/organizations/${organizationId}`)),
  ).length;

export const at = (minute: number): Date => new Date(Date.UTC(2030, 0, 1, 0, minute));

export const connection = ({ organizationId }: TestTenant, fields: object = {}) => ({
  object: 'connection',
  id: `conn_${organizationId}`,
  organization_id: organizationId,
  connection_type: 'OktaSAML',
  name: 'Okta',
  state: 'active',
  created_at: at(0).toISOString(),
  updated_at: at(0).toISOString(),
  ...fields,
});

export function addDomain({ organizationId }: TestTenant, name: string, state: DomainState): void {
  const stamp = new Date().toISOString();
  gatehouse.workos.state.organizations.get(organizationId)?.domains.push({
    object: 'organization_domain',
    id: `org_domain_${name}`,
    organization_id: organizationId,
    domain: name,
    state,
    verification_strategy: 'dns',
    verification_token: 'secret-token',
    created_at: stamp,
    updated_at: stamp,
  });
}

export function useSetup(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    client = await gatehouse.createClient();
  });
}

import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TenantStatus } from '../../src/core/identity.ts';
import { problemsOf } from '../../src/openapi/problems.ts';
import {
  callOf,
  guardedOperations,
  tenantOperations,
  type GuardedOperation,
} from '../support/operations.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

/** The statuses in which a tenant is known, and cannot be used as usual. */
const STATUSES = [
  'provisioning',
  'suspended',
  'orphaned',
  'conflict',
  'deleting',
] as const satisfies readonly TenantStatus[];

const gatehouse = useGatehouse();
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient();
});

const idOf = (status: TenantStatus, { id }: GuardedOperation) => `${status}-${id}`;

/** A tenant for each operation and status: an operation may change it. */
async function insertTenants(status: TenantStatus): Promise<void> {
  const hasOrganization = ['suspended', 'deleting'].includes(status);
  await gatehouse.database.superuser(
    `insert into tenants (id, status, name, domains, metadata, organization_id)
     select id, $2, id, '[]', '{}', case when $3 then 'org_' || id end
     from unnest($1::text[]) id on conflict do nothing`,
    [tenantOperations.map((operation) => idOf(status, operation)), status, hasOrganization],
  );
}

const send = async (operation: GuardedOperation, tenant: string, key: string, user: string) => {
  const { method, path, headers, body } = callOf(operation, { tenant });
  const answer = await fetch(gatehouse.url + path, {
    method: method.toUpperCase(),
    headers: {
      ...(headers as Record<string, string>),
      authorization: `Bearer ${key}`,
      'gatehouse-user-token': user,
    },
    ...(body !== undefined && { body: body as string }),
  });
  const { type } = (answer.status < 400 ? {} : await answer.json()) as { type?: string };
  return type?.split('#')[1];
};

/** The problem that the operation answers, if the contract does not name it. */
async function undocumented(
  operation: GuardedOperation,
  tenant: string,
  key: string,
  userTenant = tenant,
): Promise<string[]> {
  const user = await gatehouse.userToken({ tenant_id: userTenant });
  const problem = await send(operation, tenant, key, user);
  const documented: readonly string[] = problemsOf(operation.endpoint);
  return problem === undefined || documented.includes(problem)
    ? []
    : [`${operation.id}: ${problem}`];
}

describe('every problem is in the contract', () => {
  it.each(STATUSES)('of operations on a tenant that is %s', async (status) => {
    await insertTenants(status);

    const found = await Promise.all(
      tenantOperations.map((operation) =>
        undocumented(operation, idOf(status, operation), client.key),
      ),
    );

    expect(found.flat()).toEqual([]);
  });

  it('of operations for a user whose tenant the client may not use', async () => {
    const { key } = await gatehouse.createClient({ tenants: ['globex'] });
    await gatehouse.provision('globex');

    const found = await Promise.all(
      guardedOperations.map((operation) => undocumented(operation, 'globex', key, 'acme')),
    );

    expect(found.flat()).toEqual([]);
  });
});

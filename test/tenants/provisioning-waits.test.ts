import { expect, it } from '@jest/globals';
import type { TenantRow } from '../../src/tenants/model/row.ts';
import type { Organizations } from '../../src/tenants/organizations/organizations.ts';
import { createProvisioning } from '../../src/tenants/provisioning/provisioning.ts';
import type { TenantStore } from '../../src/tenants/registry/store.ts';

it('requests that wait for one tenant read it together, not each for itself', async () => {
  let reads = 0;
  const byId = (id: string) => {
    reads += 1;
    const status = reads < 3 ? 'provisioning' : 'active';
    return Promise.resolve({ id, status, leased: true, attempt: null } as TenantRow);
  };
  // Waiting uses nothing else of the store.
  const tenants = { byId } as unknown as TenantStore;
  const provisioning = createProvisioning({ tenants, organizations: {} as Organizations });

  const rows = await Promise.all(
    Array.from({ length: 100 }, () => provisioning.waitUntilProvisioned('acme')),
  );

  expect(rows.map(({ status }) => status)).toEqual(rows.map(() => 'active'));
  expect(reads).toBe(3);
});

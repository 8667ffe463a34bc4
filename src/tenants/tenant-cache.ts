import type { Tenant } from '../core/identity.ts';
import { createTtlCache } from '../core/ttl-cache.ts';
import type { TenantStore } from './store.ts';

/** Tenant id → organization, for every request: remembered for less than a second, and only while active. */
export interface TenantCache {
  find(tenantId: string): Promise<Tenant | undefined>;
  forget(): void;
}

export function createTenantCache(tenants: TenantStore): TenantCache {
  const known = createTtlCache<Tenant>({
    max: 50_000,
    load: (id) => tenants.mappingOf(id),
    // A tenant that is just being made must be seen as active the moment it is.
    keep: (tenant) => tenant?.status === 'active',
  });
  return { find: known.get, forget: known.clear };
}

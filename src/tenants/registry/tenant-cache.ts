import type { Tenant } from '../../core/identity.ts';
import { createTtlCache } from '../../core/ttl-cache.ts';
import type { TenantStore } from './store.ts';

/** Finds the tenant of a request. Only active tenants are cached, for less than a second. */
export interface TenantCache {
  find(tenantId: string): Promise<Tenant | undefined>;
  forget(): void;
}

export function createTenantCache(tenants: TenantStore): TenantCache {
  const known = createTtlCache<Tenant>({
    max: 50_000,
    load: (id) => tenants.mappingOf(id),
    // Other statuses are not cached, so that a new tenant is usable as soon as it is active.
    keep: (tenant) => tenant?.status === 'active',
  });
  return { find: known.get, forget: known.clear };
}

import type { AuditWriter } from '../audit-trail/writer.ts';
import type { Guard } from '../http/router.ts';
import type { Route } from '../http/endpoint.ts';
import type { Upstream } from '../workos/upstream.ts';
import type { ForwarderDeps } from './forwarding/forward.ts';
import { createMemberships } from './forwarding/memberships.ts';
import type { OrganizationServiceDeps } from './organizations/service.ts';
import type { PasswordlessDeps } from './passwordless/service.ts';
import { resourceRoutes } from './routes.ts';
import type { OwnedStore } from './forwarding/store.ts';
import { createTenantFinder, type TenantsOf } from './forwarding/tenant-finder.ts';
import { createSender } from './forwarding/sender.ts';

export interface ResourcesDeps {
  readonly upstream: Upstream;
  readonly owned: OwnedStore;
  readonly audit: AuditWriter;
  readonly guard: Guard;
  readonly tenants: OrganizationServiceDeps['tenants'];
  readonly facts: OrganizationServiceDeps['facts'];
  readonly tenantsOf: TenantsOf;
  readonly magicLinks: PasswordlessDeps['magicLinks'];
  readonly reportMissing: ForwarderDeps['reportMissing'];
}

/** WorkOS's resources, per tenant. */
export function createResources(deps: ResourcesDeps): Route[] {
  const sender = createSender(deps.upstream);
  const find = createTenantFinder(sender, deps.tenantsOf);
  const memberships = createMemberships({ ...deps, sender });
  return resourceRoutes({ ...deps, sender, find, memberships });
}

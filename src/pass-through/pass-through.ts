import type { AuditWriter } from '../audit-trail/writer.ts';
import type { Route } from '../http/endpoint.ts';
import type { Guard } from '../http/guard.ts';
import type { Upstream } from '../workos/upstream.ts';
import { createCursors } from './forwarding/cursors.ts';
import { createForwarder, type Forward, type ForwarderDeps } from './forwarding/forward.ts';
import { createMemberships } from './forwarding/memberships.ts';
import { createRequestSender } from './forwarding/request-sender.ts';
import type { OwnedStore } from './forwarding/store.ts';
import { createTenantFinder, type TenantsOf } from './forwarding/tenant-finder.ts';
import { organizationRoutes, type OrganizationServiceDeps } from './organizations/service.ts';
import { passwordlessRoutes, type PasswordlessDeps } from './passwordless/service.ts';

export interface PassThroughDeps {
  readonly upstream: Upstream;
  readonly owned: OwnedStore;
  readonly audit: AuditWriter;
  readonly hasDeleted: ForwarderDeps['hasDeleted'];
  readonly guard: Guard;
  readonly tenants: OrganizationServiceDeps['tenants'];
  readonly facts: OrganizationServiceDeps['facts'];
  readonly lastOrganizationOf: OrganizationServiceDeps['lastOrganizationOf'];
  readonly tenantsOf: TenantsOf;
  readonly mirror: OrganizationServiceDeps['mirror'];
  readonly listTenants: OrganizationServiceDeps['listTenants'];
  readonly mappingsOf: OrganizationServiceDeps['mappingsOf'];
  readonly magicLinks: PasswordlessDeps['magicLinks'];
  readonly reportMissing: ForwarderDeps['reportMissing'];
}

/** WorkOS's own operations, restricted to the tenants of the calling client. */
export interface PassThrough {
  readonly forward: Forward;
  readonly organizations: readonly Route[];
  readonly magicLinks: readonly Route[];
}

export function createPassThrough(deps: PassThroughDeps): PassThrough {
  const sender = createRequestSender(deps.upstream);
  const find = createTenantFinder(sender, deps.tenantsOf);
  const memberships = createMemberships({ ...deps, sender });
  const cursors = createCursors({ ...deps, sender, find, memberships });
  const all = { ...deps, sender, find, memberships, cursors };
  return {
    forward: createForwarder(all),
    organizations: organizationRoutes(all),
    magicLinks: passwordlessRoutes(all),
  };
}

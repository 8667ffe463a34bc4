import type { Route } from '../http/endpoint.ts';
import { auditLogsContract } from './families/audit-logs.ts';
import { connectionsContract } from './families/connections.ts';
import { directoriesContract } from './families/directories.ts';
import { createForwarder, type ForwarderDeps } from './forwarding/forward.ts';
import { mfaContract } from './families/mfa.ts';
import { organizationDomainsContract } from './families/organization-domains.ts';
import { organizationRoutes, type OrganizationServiceDeps } from './organizations/service.ts';
import {
  passwordlessRoutes,
  sendPasswordlessContract,
  type PasswordlessDeps,
} from './passwordless/service.ts';
import { usersContract } from './families/users.ts';

export type ResourceDeps = ForwarderDeps & OrganizationServiceDeps & PasswordlessDeps;

/** Everything that siblings use of WorkOS beyond the portal and single sign-on. */
export function resourceRoutes(deps: ResourceDeps): Route[] {
  const forwarded = createForwarder(deps);
  return [
    ...organizationRoutes(deps),
    ...forwarded(organizationDomainsContract),
    ...forwarded(connectionsContract),
    ...forwarded(directoriesContract),
    ...forwarded(auditLogsContract),
    ...forwarded(mfaContract),
    ...passwordlessRoutes(deps),
    ...forwarded(sendPasswordlessContract),
    ...forwarded(usersContract),
  ];
}

import type { Route } from '../http/endpoint.ts';
import { auditLogsContract } from './audit-logs.ts';
import { connectionsContract } from './connections.ts';
import { directoriesContract } from './directories.ts';
import { createForwarder, type ForwarderDeps } from './forward.ts';
import { mfaContract } from './mfa.ts';
import { organizationDomainsContract } from './organization-domains.ts';
import { organizationRoutes, type OrganizationServiceDeps } from './organization-service.ts';
import {
  passwordlessRoutes,
  sendPasswordlessContract,
  type PasswordlessDeps,
} from './passwordless.ts';
import { usersContract } from './users.ts';

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

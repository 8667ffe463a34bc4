/** Every operation of the API. The app serves this list, and the OpenAPI document describes it. */
import { auditTrailContract } from '../audit-trail/contract.ts';
import { auditTrailRoutes } from '../audit-trail/routes.ts';
import type { AuditTrailStore } from '../audit-trail/store.ts';
import { feedContract } from '../events/feed/contract.ts';
import { feedRoutes } from '../events/feed/feed.ts';
import { eventsContract } from '../events/intake/contract.ts';
import { eventsRoutes } from '../events/intake/routes.ts';
import type { Route } from '../http/endpoint.ts';
import { itAdminsContract } from '../it-admins/contract.ts';
import { itAdminsRoutes } from '../it-admins/routes.ts';
import type { DocumentedGroup } from './document.ts';
import { auditLogSettingsContract } from '../pass-through/families/audit-log-settings.ts';
import { auditLogsContract } from '../pass-through/families/audit-logs.ts';
import { apiKeysContract } from '../pass-through/families/api-keys.ts';
import { connectionsContract } from '../pass-through/families/connections.ts';
import { directoriesContract } from '../pass-through/families/directories.ts';
import { environmentRolesContract } from '../pass-through/families/environment-roles.ts';
import { featureFlagsContract } from '../pass-through/families/feature-flags.ts';
import { groupsContract } from '../pass-through/families/groups.ts';
import { invitationsContract } from '../pass-through/families/invitations.ts';
import { membershipsContract } from '../pass-through/families/memberships.ts';
import { mfaContract } from '../pass-through/families/mfa.ts';
import { organizationDomainsContract } from '../pass-through/families/organization-domains.ts';
import { rolesContract } from '../pass-through/families/roles.ts';
import { emailCodesContract } from '../pass-through/families/email-codes.ts';
import { magicAuthContract } from '../pass-through/families/magic-auth.ts';
import { passwordResetsContract } from '../pass-through/families/password-resets.ts';
import { usersContract } from '../pass-through/families/users.ts';
import { widgetsContract } from '../pass-through/families/widgets.ts';
import type { ForwardedContract } from '../pass-through/forwarding/forwarded-endpoint.ts';
import type { ToolDeps } from '../mcp/call-tool.ts';
import { mcpContract } from '../mcp/contract.ts';
import { mcpRoutes } from '../mcp/routes.ts';
import { organizationsContract } from '../pass-through/organizations/contract.ts';
import type { PassThrough } from '../pass-through/pass-through.ts';
import {
  passwordlessContract,
  sendPasswordlessContract,
} from '../pass-through/passwordless/contract.ts';
import { portalContract } from '../portal/protocol/contract.ts';
import type { PortalDeps } from '../portal/protocol/deps.ts';
import { portalRoutes } from '../portal/routes.ts';
import { providerIconsContract } from '../provider-icons/contract.ts';
import { providerIconRoutes } from '../provider-icons/routes.ts';
import { setupContract } from '../setup/contract.ts';
import { setupRoutes } from '../setup/routes.ts';
import { ssoContract } from '../sso/protocol/contract.ts';
import { ssoRoutes } from '../sso/routes.ts';
import { tenantsContract } from '../tenants/contract.ts';
import { tenantsRoutes } from '../tenants/routes.ts';
import { upstreamBudgetContract } from '../upstream-budget/contract.ts';
import { upstreamBudgetRoutes } from '../upstream-budget/routes.ts';
import { webhooksContract } from '../webhooks/contract.ts';
import { webhooksRoutes } from '../webhooks/routes.ts';

/** The services that answer the operations. */
export interface Services {
  readonly tenants: Service<typeof tenantsRoutes>;
  readonly itAdmins: Service<typeof itAdminsRoutes>;
  readonly portal: PortalDeps;
  readonly setup: Service<typeof setupRoutes>;
  readonly sso: Service<typeof ssoRoutes>;
  readonly receiveWebhook: Service<typeof eventsRoutes>;
  readonly feed: Service<typeof feedRoutes>;
  readonly webhooks: Service<typeof webhooksRoutes>;
  readonly passThrough: PassThrough;
  readonly auditTrail: AuditTrailStore;
  readonly upstreamBudget: Service<typeof upstreamBudgetRoutes>;
  readonly mcp: Omit<ToolDeps, 'routes'>;
}
type Service<R extends (service: never) => Route[]> = Parameters<R>[0];

/** Operations under one tag of the OpenAPI document. */
export interface OperationGroup extends DocumentedGroup {
  readonly routes: (services: Services) => readonly Route[];
}

/** Operations that need no handlers of their own: the forwarder does them. */
const forwarded = (description: string, contract: ForwardedContract): OperationGroup => ({
  description,
  contract,
  routes: ({ passThrough }) => passThrough.forward(contract),
});

/** Tag → operations. */
export const OPERATIONS: Readonly<Record<string, OperationGroup>> = {
  Tenants: {
    description: 'Your tenants, each mapped to one WorkOS organization.',
    contract: tenantsContract,
    routes: ({ tenants }) => tenantsRoutes(tenants),
  },
  'IT admins': {
    description: 'The registry of IT admins. It takes precedence over the roles in a token.',
    contract: itAdminsContract,
    routes: ({ itAdmins }) => itAdminsRoutes(itAdmins),
  },
  'Admin Portal': {
    description: 'Links and tickets to WorkOS’s Admin Portal, and the pages that open it.',
    contract: portalContract,
    routes: ({ portal }) => portalRoutes(portal),
  },
  Setup: {
    description: 'Which features each tenant has set up, kept current by WorkOS’s events.',
    contract: setupContract,
    routes: ({ setup }) => setupRoutes(setup),
  },
  Agents: {
    description: 'Tools for AI agents, by the Model Context Protocol.',
    contract: mcpContract,
    routes: ({ portal, setup, mcp }) =>
      mcpRoutes({ ...mcp, routes: [...portalRoutes(portal), ...setupRoutes(setup)] }),
  },
  'Single sign-on': {
    description: 'Sign users in as with WorkOS, with tenant ids and without a WorkOS key.',
    contract: ssoContract,
    routes: ({ sso }) => ssoRoutes(sso),
  },
  Events: {
    description: 'WorkOS’s events about your tenants.',
    contract: { ...eventsContract, ...feedContract },
    routes: ({ receiveWebhook, feed }) => [...eventsRoutes(receiveWebhook), ...feedRoutes(feed)],
  },
  'Webhook endpoints': {
    description: 'Have events delivered to your own endpoints.',
    contract: webhooksContract,
    routes: ({ webhooks }) => webhooksRoutes(webhooks),
  },
  Organizations: {
    description: 'Your tenants and their domains, in the form that WorkOS SDKs expect.',
    contract: { ...organizationsContract, ...organizationDomainsContract },
    routes: ({ passThrough }) => [
      ...passThrough.organizations,
      ...passThrough.forward(organizationDomainsContract),
    ],
  },
  Connections: {
    description: 'The identity provider connections of your tenants.',
    contract: { ...connectionsContract, ...providerIconsContract },
    routes: ({ passThrough }) => [
      ...passThrough.forward(connectionsContract),
      ...providerIconRoutes,
    ],
  },
  Directories: forwarded(
    'The directories of your tenants, with their users and groups.',
    directoriesContract,
  ),
  'Audit logs': forwarded('Audit logs of your product, written per tenant and kept by WorkOS.', {
    ...auditLogsContract,
    ...auditLogSettingsContract,
  }),
  'Multi-factor authentication': forwarded('Second factors and their challenges.', mfaContract),
  'Magic links': {
    description: 'Sign users in by a link that is sent to them.',
    contract: { ...passwordlessContract, ...sendPasswordlessContract },
    routes: ({ passThrough }) => [
      ...passThrough.magicLinks,
      ...passThrough.forward(sendPasswordlessContract),
    ],
  },
  Users: forwarded('User Management users at WorkOS.', usersContract),
  'Codes for users': forwarded(
    'Codes and tokens that WorkOS sends to users: to sign in, to change a password, to verify an e-mail address.',
    { ...magicAuthContract, ...passwordResetsContract, ...emailCodesContract },
  ),
  'Organization memberships': forwarded(
    'Which users are members of which tenants, and their roles.',
    membershipsContract,
  ),
  Invitations: forwarded('Invitations of people to your tenants.', invitationsContract),
  'Roles and permissions': forwarded(
    'Roles of your tenants, and the roles and permissions that all of them share.',
    { ...rolesContract, ...environmentRolesContract },
  ),
  Groups: forwarded('Groups of members of your tenants.', groupsContract),
  'API keys': forwarded(
    'API keys that your tenants and their users call your product with.',
    apiKeysContract,
  ),
  Widgets: forwarded('Tokens for WorkOS’s widgets in the browser.', widgetsContract),
  'Feature flags': forwarded('Which features are on for your tenants.', featureFlagsContract),
  'Audit trail': {
    description: 'A record of who did what through Gatehouse.',
    contract: auditTrailContract,
    routes: ({ auditTrail }) => auditTrailRoutes(auditTrail),
  },
  'Requests to WorkOS': {
    description: 'The budget of requests to WorkOS that all clients share.',
    contract: upstreamBudgetContract,
    routes: ({ upstreamBudget }) => upstreamBudgetRoutes(upstreamBudget),
  },
};

/** The routes of every operation, each bound to the service that answers it. */
export const operationRoutes = (services: Services): Route[] =>
  Object.values(OPERATIONS).flatMap(({ routes }) => routes(services));

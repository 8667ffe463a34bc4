import { auditTrailContract } from '../audit-trail/contract.ts';
import { eventsContract } from '../events/intake/contract.ts';
import { feedContract } from '../events/feed/contract.ts';
import type { Contract } from '../http/endpoint.ts';
import { itAdminsContract } from '../it-admins/contract.ts';
import { portalContract } from '../portal/contract.ts';
import { setupContract } from '../setup/contract.ts';
import { providerIconsContract } from '../provider-icons/contract.ts';
import { auditLogsContract } from '../pass-through/families/audit-logs.ts';
import { connectionsContract } from '../pass-through/families/connections.ts';
import { directoriesContract } from '../pass-through/families/directories.ts';
import { mfaContract } from '../pass-through/families/mfa.ts';
import { organizationDomainsContract } from '../pass-through/families/organization-domains.ts';
import { organizationsContract } from '../pass-through/organizations/contract.ts';
import {
  passwordlessContract,
  sendPasswordlessContract,
} from '../pass-through/passwordless/service.ts';
import { usersContract } from '../pass-through/families/users.ts';
import { ssoContract } from '../sso/protocol/contract.ts';
import { tenantsContract } from '../tenants/contract.ts';
import { webhooksContract } from '../webhooks/contract.ts';

export interface Tag {
  readonly description: string;
  readonly contract: Contract;
}

/** Every operation of the API: tag → contract. */
export const contracts: Readonly<Record<string, Tag>> = {
  Tenants: {
    description: 'Your tenants, each mapped to one WorkOS organization.',
    contract: tenantsContract,
  },
  'IT admins': {
    description: 'The registry of IT admins: it wins over any token.',
    contract: itAdminsContract,
  },
  'Admin Portal': {
    description: 'Links and tickets into WorkOS’s Admin Portal, and the browser’s door.',
    contract: portalContract,
  },
  Setup: {
    description: 'What each tenant has set up, kept by WorkOS’s events.',
    contract: setupContract,
  },
  'Single sign-on': {
    description: 'Sign users in as through WorkOS, with tenant ids and without its key.',
    contract: ssoContract,
  },
  Events: {
    description: 'What WorkOS tells of your tenants.',
    contract: { ...eventsContract, ...feedContract },
  },
  'Webhook endpoints': {
    description: 'Have events delivered to you.',
    contract: webhooksContract,
  },
  Organizations: {
    description: 'Your tenants and their domains, in the shape that WorkOS SDKs know.',
    contract: { ...organizationsContract, ...organizationDomainsContract },
  },
  Connections: {
    description: 'How the users of your tenants sign in.',
    contract: { ...connectionsContract, ...providerIconsContract },
  },
  Directories: {
    description: 'The directories of your tenants, with their users and groups.',
    contract: directoriesContract,
  },
  'Audit logs': {
    description: 'What your product did for a tenant, for its own eyes.',
    contract: auditLogsContract,
  },
  'Multi-factor authentication': { description: 'Second factors.', contract: mfaContract },
  'Magic links': {
    description: 'Sign users in by a link that is sent to them.',
    contract: { ...passwordlessContract, ...sendPasswordlessContract },
  },
  Users: { description: 'Users, as WorkOS keeps them.', contract: usersContract },
  'Audit trail': { description: 'Who did what.', contract: auditTrailContract },
};

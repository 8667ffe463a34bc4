import { auditTrailContract } from '../audit-trail/contract.ts';
import type { Contract } from '../http/endpoint.ts';
import { itAdminsContract } from '../it-admins/contract.ts';
import { portalContract } from '../portal/contract.ts';
import { setupContract } from '../setup/contract.ts';
import { ssoContract } from '../sso/contract.ts';
import { tenantsContract } from '../tenants/contract.ts';

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
  'Audit trail': { description: 'Who did what.', contract: auditTrailContract },
};

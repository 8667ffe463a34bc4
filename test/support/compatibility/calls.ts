import { auditLogCalls } from './audit-logs.ts';
import { authorizationCalls } from './authorization.ts';
import type { Call } from './call.ts';
import { directorySyncCalls } from './directory-sync.ts';
import { keyAndCodeCalls } from './keys-and-codes.ts';
import { lastMemberCalls, memberCalls } from './members.ts';
import { mfaCalls } from './mfa.ts';
import { organizationDomainCalls } from './organization-domains.ts';
import { lastOrganizationCalls, organizationCalls } from './organizations.ts';
import { passwordlessCalls } from './passwordless.ts';
import { portalCalls } from './portal.ts';
import { ssoCalls } from './sso.ts';
import { userCalls } from './users.ts';

/** In this order they are made, one after another in one world. */
export const calls: readonly Call[] = [
  ...organizationCalls,
  ...organizationDomainCalls,
  ...portalCalls,
  ...ssoCalls,
  ...directorySyncCalls,
  ...auditLogCalls,
  ...mfaCalls,
  ...passwordlessCalls,
  ...userCalls,
  ...memberCalls,
  ...authorizationCalls,
  ...keyAndCodeCalls,
  ...lastMemberCalls,
  ...lastOrganizationCalls,
];

/** The map: every operation the fake knows, one family a line. */
import { auditLogEventOperations } from './audit-log-events.ts';
import { auditLogExportOperations } from './audit-log-exports.ts';
import { auditLogRetentionOperations } from './audit-log-retention.ts';
import { auditLogSchemaOperations } from './audit-log-schemas.ts';
import { authorizeOperations } from './authorize.ts';
import { challengeOperations } from './challenges.ts';
import { connectionOperations } from './connections.ts';
import { directoryOperations } from './directories.ts';
import { directoryGroupOperations } from './directory-groups.ts';
import { directoryUserOperations } from './directory-users.ts';
import { eventOperations } from './events.ts';
import { factorOperations } from './factors.ts';
import type { Operation } from './http.ts';
import { jwksOperations } from './jwks.ts';
import { logStreamOperations } from './log-streams.ts';
import { logoutOperations } from './logout.ts';
import { membershipOperations } from './memberships.ts';
import { organizationDomainOperations } from './organization-domains.ts';
import { organizationOperations } from './organizations.ts';
import { passwordlessOperations } from './passwordless.ts';
import { portalLinkOperations } from './portal-links.ts';
import { tokenOperations } from './tokens.ts';
import { userOperations } from './users.ts';

export const operations: readonly Operation[] = [
  ...organizationOperations,
  ...organizationDomainOperations,
  ...connectionOperations,
  ...directoryOperations,
  ...directoryUserOperations,
  ...directoryGroupOperations,
  ...eventOperations,
  ...portalLinkOperations,
  ...authorizeOperations,
  ...tokenOperations,
  ...jwksOperations,
  ...logoutOperations,
  ...passwordlessOperations,
  ...logStreamOperations,
  ...auditLogSchemaOperations,
  ...auditLogEventOperations,
  ...auditLogExportOperations,
  ...auditLogRetentionOperations,
  ...factorOperations,
  ...challengeOperations,
  ...userOperations,
  ...membershipOperations,
];

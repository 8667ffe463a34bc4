/** Every operation of the fake, one family per line. */
import { auditLogEventOperations } from './audit-logs/events.ts';
import { auditLogExportOperations } from './audit-logs/exports.ts';
import { auditLogRetentionOperations } from './audit-logs/retention.ts';
import { auditLogSchemaOperations } from './audit-logs/schemas.ts';
import { authorizeOperations } from './sso/authorize.ts';
import { challengeOperations } from './mfa/challenges.ts';
import { connectionOperations } from './sso/connections.ts';
import { directoryOperations } from './directories/directories.ts';
import { directoryGroupOperations } from './directories/groups.ts';
import { directoryUserOperations } from './directories/users.ts';
import { eventOperations } from './events/events.ts';
import { factorOperations } from './mfa/factors.ts';
import type { Operation } from './http/operation.ts';
import { jwksOperations } from './sso/jwks.ts';
import { logStreamOperations } from './audit-logs/log-streams.ts';
import { logoutOperations } from './sso/logout.ts';
import { membershipOperations } from './users/memberships.ts';
import { organizationDomainOperations } from './organizations/domain-operations.ts';
import { organizationOperations } from './organizations/organizations.ts';
import { passwordlessOperations } from './users/passwordless.ts';
import { portalLinkOperations } from './portal/links.ts';
import { tokenOperations } from './sso/tokens.ts';
import { userOperations } from './users/users.ts';
import { apiKeyOperations } from './api-keys/api-keys.ts';
import { emailCodeOperations } from './users/email-codes.ts';
import { featureFlagOperations } from './feature-flags/feature-flags.ts';
import { groupMemberOperations } from './groups/members.ts';
import { groupOperations } from './groups/groups.ts';
import { invitationOperations } from './users/invitations.ts';
import { magicAuthOperations } from './users/magic-auth.ts';
import { membershipChangeOperations } from './users/membership-changes.ts';
import { passwordResetOperations } from './users/password-resets.ts';
import { permissionOperations } from './roles/permissions.ts';
import { roleOperations } from './roles/operations.ts';
import { webhookEndpointOperations } from './events/webhook-endpoints.ts';
import { widgetTokenOperations } from './widgets/tokens.ts';

export const operations: readonly Operation[] = [
  ...organizationOperations,
  ...organizationDomainOperations,
  ...connectionOperations,
  ...directoryOperations,
  ...directoryUserOperations,
  ...directoryGroupOperations,
  ...eventOperations,
  ...webhookEndpointOperations,
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
  ...membershipChangeOperations,
  ...invitationOperations,
  ...groupOperations,
  ...groupMemberOperations,
  ...permissionOperations,
  ...roleOperations,
  ...apiKeyOperations,
  ...widgetTokenOperations,
  ...featureFlagOperations,
  ...magicAuthOperations,
  ...passwordResetOperations,
  ...emailCodeOperations,
];

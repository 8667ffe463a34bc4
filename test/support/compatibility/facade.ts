/** The operations that are WorkOS's, and our document of them. */
import { openApiDocument } from '../../../src/openapi/document.ts';
import { portalContract } from '../../../src/portal/protocol/contract.ts';
import { auditLogSettingsContract } from '../../../src/pass-through/families/audit-log-settings.ts';
import { auditLogsContract } from '../../../src/pass-through/families/audit-logs.ts';
import { apiKeysContract } from '../../../src/pass-through/families/api-keys.ts';
import { connectionsContract } from '../../../src/pass-through/families/connections.ts';
import { directoriesContract } from '../../../src/pass-through/families/directories.ts';
import { environmentRolesContract } from '../../../src/pass-through/families/environment-roles.ts';
import { featureFlagsContract } from '../../../src/pass-through/families/feature-flags.ts';
import { groupsContract } from '../../../src/pass-through/families/groups.ts';
import { invitationsContract } from '../../../src/pass-through/families/invitations.ts';
import { membershipsContract } from '../../../src/pass-through/families/memberships.ts';
import { mfaContract } from '../../../src/pass-through/families/mfa.ts';
import { organizationDomainsContract } from '../../../src/pass-through/families/organization-domains.ts';
import { organizationsContract } from '../../../src/pass-through/organizations/contract.ts';
import {
  passwordlessContract,
  sendPasswordlessContract,
} from '../../../src/pass-through/passwordless/contract.ts';
import { rolesContract } from '../../../src/pass-through/families/roles.ts';
import { emailCodesContract } from '../../../src/pass-through/families/email-codes.ts';
import { magicAuthContract } from '../../../src/pass-through/families/magic-auth.ts';
import { passwordResetsContract } from '../../../src/pass-through/families/password-resets.ts';
import { usersContract } from '../../../src/pass-through/families/users.ts';
import { widgetsContract } from '../../../src/pass-through/families/widgets.ts';
import type { ForwardedEndpoint } from '../../../src/pass-through/forwarding/forwarded-endpoint.ts';
import { ssoContract } from '../../../src/sso/protocol/contract.ts';
import type { Endpoint } from '../../../src/http/endpoint.ts';
import { expanded, type OpenApi } from '../contract-validator.ts';
import type { Document } from './specification.ts';

/** Sent on as they are. */
export const forwarded: Readonly<Record<string, ForwardedEndpoint>> = {
  ...organizationDomainsContract,
  ...connectionsContract,
  ...directoriesContract,
  ...auditLogsContract,
  ...auditLogSettingsContract,
  ...membershipsContract,
  ...invitationsContract,
  ...mfaContract,
  ...sendPasswordlessContract,
  ...usersContract,
  ...magicAuthContract,
  ...passwordResetsContract,
  ...emailCodesContract,
  ...rolesContract,
  ...environmentRolesContract,
  ...groupsContract,
  ...apiKeysContract,
  ...widgetsContract,
  ...featureFlagsContract,
};

export const facade: Readonly<Record<string, Endpoint>> = {
  ...organizationsContract,
  ...passwordlessContract,
  ...forwarded,
  generatePortalLink: portalContract.generatePortalLink,
  exchangeSsoCode: ssoContract.exchangeSsoCode,
  getSsoProfile: ssoContract.getSsoProfile,
};

/** Sound: both are OpenAPI 3.1. */
export const readFacade = (): Document =>
  expanded(
    openApiDocument({
      WorkOS: { description: 'WorkOS’s.', contract: facade },
    }) as unknown as OpenApi,
  );

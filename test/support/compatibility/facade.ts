/** The operations that are WorkOS's, and our document of them. */
import { openApiDocument } from '../../../src/openapi/document.ts';
import { portalContract } from '../../../src/portal/contract.ts';
import { auditLogsContract } from '../../../src/resources/audit-logs.ts';
import { connectionsContract } from '../../../src/resources/connections.ts';
import { directoriesContract } from '../../../src/resources/directories.ts';
import { mfaContract } from '../../../src/resources/mfa.ts';
import { organizationDomainsContract } from '../../../src/resources/organization-domains.ts';
import { organizationsContract } from '../../../src/resources/organizations.ts';
import {
  passwordlessContract,
  sendPasswordlessContract,
} from '../../../src/resources/passwordless.ts';
import { usersContract } from '../../../src/resources/users.ts';
import type { ForwardedEndpoint } from '../../../src/resources/forwarding.ts';
import { ssoContract } from '../../../src/sso/contract.ts';
import type { Endpoint } from '../../../src/http/endpoint.ts';
import { expanded, type OpenApi } from '../contract-validator.ts';
import type { Document } from './specification.ts';

/** Sent on as they are. */
export const forwarded: Readonly<Record<string, ForwardedEndpoint>> = {
  ...organizationDomainsContract,
  ...connectionsContract,
  ...directoriesContract,
  ...auditLogsContract,
  ...mfaContract,
  ...sendPasswordlessContract,
  ...usersContract,
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

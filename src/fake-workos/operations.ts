/** The map: every operation the fake knows, one family a line. */
import { authorizeOperations } from './authorize.ts';
import { connectionOperations } from './connections.ts';
import { directoryOperations } from './directories.ts';
import type { Operation } from './http.ts';
import { jwksOperations } from './jwks.ts';
import { logoutOperations } from './logout.ts';
import { organizationDomainOperations } from './organization-domains.ts';
import { organizationOperations } from './organizations.ts';
import { passwordlessOperations } from './passwordless.ts';
import { portalLinkOperations } from './portal-links.ts';
import { tokenOperations } from './tokens.ts';

export const operations: readonly Operation[] = [
  ...organizationOperations,
  ...organizationDomainOperations,
  ...connectionOperations,
  ...directoryOperations,
  ...portalLinkOperations,
  ...authorizeOperations,
  ...tokenOperations,
  ...jwksOperations,
  ...logoutOperations,
  ...passwordlessOperations,
];

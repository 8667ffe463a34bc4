import { LARGEST_BODY, SMALL_BODY } from './body-budget.ts';

/** Operations whose replies grow with the customer, because the identity provider fills them. */
const LARGE =
  /^\/(sso\/(token|profile)$|directory_(users|groups)(\/|$)|user_management\/|events$|connections$|directories$|organizations$|audit_logs\/actions|authorization\/(organizations\/[^/]+\/)?roles$)/;

/** Maximum number of bytes read of a reply to this path. */
export const bodyCapOf = (pathname: string): number =>
  LARGE.test(pathname) ? LARGEST_BODY : SMALL_BODY;

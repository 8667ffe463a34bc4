import { LARGEST_BODY, SMALL_BODY } from './body-budget.ts';

/** Where an answer holds what a customer's identity provider fills, and so is as large as the customer. */
const LARGE =
  /^\/(sso\/(token|profile)$|directory_(users|groups)(\/|$)|user_management\/|events$|connections$|directories$|organizations$|audit_logs\/actions)/;

/** The most that is read of an answer, by the operation. */
export const bodyCapOf = (pathname: string): number =>
  LARGE.test(pathname) ? LARGEST_BODY : SMALL_BODY;

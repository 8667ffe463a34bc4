import { TENANT_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';

/** Problems of creating a link into the Admin Portal. */
export const LINK_PROBLEMS = [...TENANT_PROBLEMS, ...UPSTREAM_PROBLEMS] as const;

/** Problems that `/launch-portal` may show as a page. */
export const LAUNCH_PAGE_PROBLEMS = [
  'launch-gone',
  'navigation-required',
  'invalid-user-token',
  'acting-user-required',
  'it-admin-required',
  'insufficient-scope',
  'not-found',
  'tenant-not-found',
  ...LINK_PROBLEMS,
] as const;

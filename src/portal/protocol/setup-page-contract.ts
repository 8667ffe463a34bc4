import type { Contract } from '../../http/endpoint.ts';
import { LaunchParams } from './launch-schemas.ts';
import {
  LanguageQuery,
  SetupPageForm,
  SetupPageQuery,
  SignInTestQuery,
  SignInTestResultQuery,
} from './page-schemas.ts';
import { LAUNCH_PAGE_PROBLEMS } from './problem-lists.ts';

/** Problems that the setup page may show. */
const SETUP_PAGE_PROBLEMS = [
  ...LAUNCH_PAGE_PROBLEMS,
  'setup-page-closed',
  'too-many-requests',
] as const;

/** The setup page of a tenant, and the test of its sign-in. */
export const setupPageContract = {
  openSetupPage: {
    method: 'get',
    path: '/setup',
    summary: 'Open the setup page of a tenant in a browser',
    description:
      'With the ticket of a launch whose intent is `any`, or for a signed-in IT admin with `client_id`, `tenant_id` and a user token, as for `/launch-portal`.',
    access: 'public',
    query: SetupPageQuery,
    reply: {
      status: 'browser',
      answers: {
        200: 'A page with a button, if the user has to confirm.',
        303: 'Redirects to the setup page, whose address has no secret.',
      },
    },
    problems: LAUNCH_PAGE_PROBLEMS,
  },
  showSetupPage: {
    method: 'get',
    path: '/setup/{launch_id}',
    summary: 'Show what a tenant has set up, and what to do next',
    description:
      'Only in the browser that opened the page, for an hour. Permission is checked again each time.',
    access: 'public',
    params: LaunchParams,
    query: LanguageQuery,
    reply: { status: 'browser', answers: { 200: 'The page.' } },
    problems: SETUP_PAGE_PROBLEMS,
  },
  launchFromSetupPage: {
    method: 'post',
    path: '/setup/{launch_id}',
    summary: 'Open the Admin Portal from the setup page: its buttons',
    description: 'Begins a launch of its own, with the mode `setup_page`.',
    access: 'public',
    params: LaunchParams,
    body: SetupPageForm,
    bodyAs: 'form',
    reply: { status: 'browser', answers: { 303: 'Redirects to the Admin Portal.' } },
    problems: SETUP_PAGE_PROBLEMS,
  },
  testSignIn: {
    method: 'get',
    path: '/setup/{launch_id}/sign-in-test',
    priority: 'login',
    summary: 'Test a connection of the tenant: a login that signs nobody in',
    access: 'public',
    params: LaunchParams,
    query: SignInTestQuery,
    reply: {
      status: 'browser',
      answers: {
        302: 'Redirects to the identity provider.',
        303: 'Redirects to the setup page: the tenant has no such active connection.',
      },
    },
    problems: SETUP_PAGE_PROBLEMS,
  },
  showSignInTest: {
    method: 'get',
    path: '/setup/{launch_id}/sign-in-test/result',
    priority: 'login',
    summary: 'Show what came back from a test of the sign-in',
    description: 'The profile is read from WorkOS for this page, shown once and not stored.',
    access: 'public',
    params: LaunchParams,
    query: SignInTestResultQuery,
    reply: {
      status: 'browser',
      answers: {
        200: 'The profile, or the error with its likely cause.',
        303: 'Redirects to the setup page: the result was shown before.',
      },
    },
    problems: SETUP_PAGE_PROBLEMS,
  },
} as const satisfies Contract;

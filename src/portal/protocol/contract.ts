import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { TENANT_PROBLEMS } from '../../core/problem.ts';
import { listOf, PageParameters } from '../../http/pagination.ts';
import { TenantId } from '../../core/wire-ids.ts';
import {
  CreatePortalLaunch,
  LaunchParams,
  NewPortalLaunch,
  PortalLaunch,
} from './launch-schemas.ts';
import { GeneratePortalLink, PortalLink } from './link-schemas.ts';
import { LaunchPageForm, LaunchPageQuery, ReturnQuery } from './page-schemas.ts';
import { LAUNCH_PAGE_PROBLEMS, LINK_PROBLEMS } from './problem-lists.ts';
import { setupPageContract } from './setup-page-contract.ts';

export const portalContract = {
  generatePortalLink: {
    method: 'post',
    path: '/portal/generate_link',
    priority: 'interactive',
    summary: 'Generate a link into the Admin Portal',
    description:
      'WorkOS’s own operation, with a tenant id; `adminPortal.generateLink` of the SDKs works. Prefer portal launches: their ticket can be revoked, and the link is created only when the user clicks.',
    access: { scope: 'portal:launch', tenant: 'body.organization', actingUser: 'it-admin' },
    body: GeneratePortalLink,
    reply: { status: 201, body: PortalLink, secret: true },
    problems: LINK_PROBLEMS,
    example: { organization: 'acme', intent: 'sso' },
  },
  createPortalLaunch: {
    method: 'post',
    path: '/v1/portal-launches',
    priority: 'interactive',
    summary: 'Create a ticket that opens the Admin Portal for an IT admin',
    description:
      'No link is created yet: that happens when the browser opens `/launch-portal`, after role and tenant were checked again. With `send_to`, Gatehouse sends the URL to the IT admin by e-mail, from its worker; `mail` of the launch is its status.',
    access: { scope: 'portal:launch', tenant: 'body.tenant_id', actingUser: 'it-admin' },
    body: CreatePortalLaunch,
    reply: { status: 201, body: NewPortalLaunch, secret: true },
    problems: ['registry-grant-required', 'too-many-requests', ...TENANT_PROBLEMS],
    example: { tenant_id: 'acme', intent: 'sso' },
  },
  listPortalLaunches: {
    method: 'get',
    path: '/v1/portal-launches',
    summary: 'List the client’s launches',
    access: { scope: 'portal:launch' },
    query: z.strictObject({
      ...PageParameters,
      tenant_id: TenantId.optional().meta({ description: 'Only launches of this tenant.' }),
    }),
    reply: { status: 200, body: listOf('PortalLaunchList', PortalLaunch) },
    problems: [],
  },
  getPortalLaunch: {
    method: 'get',
    path: '/v1/portal-launches/{launch_id}',
    summary: 'Get a launch and its status',
    access: { scope: 'portal:launch' },
    params: LaunchParams,
    reply: { status: 200, body: PortalLaunch },
    problems: ['not-found'],
  },
  revokePortalLaunch: {
    method: 'post',
    path: '/v1/portal-launches/{launch_id}/revoke',
    summary: 'Revoke a ticket',
    description:
      'Takes effect at once. A browser that was already redirected keeps its access to the Admin Portal.',
    access: { scope: 'portal:launch' },
    params: LaunchParams,
    reply: { status: 200, body: PortalLaunch },
    problems: ['not-found'],
  },
  launchPortal: {
    method: 'get',
    path: '/launch-portal',
    summary: 'Open the Admin Portal in a browser',
    description:
      'With a ticket, or for a signed-in IT admin with `client_id`, `tenant_id`, `intent` and a user token (`Authorization: Bearer`, or the cookie named by `USER_TOKEN_COOKIE`).',
    access: 'public',
    query: LaunchPageQuery,
    reply: {
      status: 'browser',
      answers: {
        200: 'A page with a button, if the user has to confirm.',
        303: 'Redirects to the Admin Portal.',
      },
    },
    problems: LAUNCH_PAGE_PROBLEMS,
  },
  confirmLaunch: {
    method: 'post',
    path: '/launch-portal',
    summary: 'Confirm opening the Admin Portal: the button of the page',
    access: 'public',
    body: LaunchPageForm,
    bodyAs: 'form',
    reply: {
      status: 'browser',
      answers: {
        200: 'A page: the same browser pressed the button a moment ago, or has to press it again.',
        303: 'Redirects to the Admin Portal.',
      },
    },
    problems: [...LAUNCH_PAGE_PROBLEMS, 'method-not-allowed'],
  },
  ...setupPageContract,
  returnFromPortal: {
    method: 'get',
    path: '/portal/return',
    summary: 'Receive the browser when it comes back from the Admin Portal',
    description:
      'Shows what is set up now, read from WorkOS at that moment, with a link to the product.',
    access: 'public',
    query: ReturnQuery,
    reply: { status: 'browser', answers: { 200: 'A page that shows what is set up now.' } },
    problems: ['launch-gone', 'navigation-required'],
  },
} as const satisfies Contract;

import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import {
  AuthorizationQuery,
  AuthorizationUrl,
  CreateAuthorizationUrl,
} from './authorization-schemas.ts';
import {
  AuthorizeLogout,
  CallbackQuery,
  LogoutAuthorization,
  Profile,
  ServerMetadata,
  TokenRequest,
  TokenResponse,
} from './schemas.ts';

export const ssoContract = {
  authorizeSso: {
    method: 'get',
    path: '/sso/authorize',
    priority: 'login',
    summary: 'Send a browser to sign in',
    description:
      'WorkOS’s own operation, with a tenant id. For an unknown client or redirect URI it shows a page and never redirects; any other error is sent to the redirect URI as `error`, `error_description`, `state` and `iss`.',
    access: 'public',
    query: AuthorizationQuery,
    lists: ['provider_scopes'],
    maps: ['provider_query_params'],
    aliases: { organization_id: 'organization', connection_id: 'connection' },
    reportsFaults: true,
    reply: {
      status: 'browser',
      answers: {
        302: 'Redirects to the identity provider, or to the redirect URI with an error.',
      },
    },
    problems: ['unknown-client', 'unregistered-redirect-uri'],
  },
  callbackSso: {
    method: 'get',
    path: '/sso/callback',
    priority: 'login',
    summary: 'Receive the browser from WorkOS after a sign-in',
    description:
      'The one redirect URI that is registered at WorkOS. Redirects to the client’s redirect URI with a code of Gatehouse.',
    access: 'public',
    query: CallbackQuery,
    reply: {
      status: 'browser',
      answers: {
        302: 'Redirects to the client’s redirect URI or, for an IdP-initiated login, to its login URI.',
      },
    },
    problems: [
      'login-expired',
      'login-not-here',
      'navigation-required',
      'too-many-requests',
      ...UPSTREAM_PROBLEMS,
    ],
  },
  exchangeSsoCode: {
    method: 'post',
    path: '/sso/token',
    priority: 'login',
    summary: 'Exchange a code for a profile and an access token',
    description:
      'Client authentication by Basic, Bearer or `client_secret`. Errors carry `error` and `error_description` (RFC 6749 §5.2).',
    access: 'public',
    body: TokenRequest,
    bodyAs: 'form-or-json',
    errors: 'oauth',
    reply: { status: 200, body: TokenResponse, secret: true },
    problems: [
      'invalid-client',
      'invalid-grant',
      'unauthorized-client',
      'unsupported-grant-type',
      'too-many-requests',
      ...UPSTREAM_PROBLEMS,
    ],
  },
  getSsoProfile: {
    method: 'get',
    path: '/sso/profile',
    priority: 'login',
    summary: 'Get the profile of an access token',
    access: 'public',
    reply: { status: 200, body: Profile },
    problems: ['invalid-access-token', 'too-many-requests', ...UPSTREAM_PROBLEMS],
  },
  authorizeSsoLogout: {
    method: 'post',
    path: '/sso/logout/authorize',
    priority: 'login',
    summary: 'Begin a sign-out at the identity provider',
    access: { scope: 'sso:login' },
    body: AuthorizeLogout,
    reply: { status: 200, body: LogoutAuthorization, secret: true },
    problems: ['not-found', 'connection-invalid', ...UPSTREAM_PROBLEMS],
  },
  logoutSso: {
    method: 'get',
    path: '/sso/logout',
    priority: 'login',
    summary: 'Send a browser to sign out',
    access: 'public',
    query: z.looseObject({
      token: z.string().max(16_384).optional().meta({ description: 'The token of `logout_url`.' }),
    }),
    reply: { status: 'browser', answers: { 302: 'Redirects to WorkOS.' } },
    problems: ['login-expired'],
  },
  createAuthorizationUrl: {
    method: 'post',
    path: '/v1/sso/authorization-urls',
    priority: 'login',
    summary: 'Create a URL that a browser signs in at',
    access: { scope: 'sso:login' },
    body: CreateAuthorizationUrl,
    // Its URL holds the client's state and nonce, which may not stand in a table.
    changesNothing: true,
    reply: { status: 201, body: AuthorizationUrl },
    problems: ['tenant-not-found', 'unregistered-redirect-uri'],
  },
  oauthMetadata: {
    method: 'get',
    path: '/.well-known/oauth-authorization-server',
    priority: 'login',
    summary: 'Authorization server metadata (RFC 8414)',
    access: 'public',
    reply: { status: 200, body: ServerMetadata },
    problems: [],
  },
} as const satisfies Contract;

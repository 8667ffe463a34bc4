import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { Line } from '../../core/text.ts';
import { UPSTREAM_PROBLEMS } from '../../core/problem.ts';

const Challenge = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a base64url SHA-256 (RFC 7636)');

/** Parameters of an authorization request, with the same names in the native and the compatible form. */
const REQUEST = {
  organization: Line(64).optional().meta({
    description: 'Your tenant id. Exactly one of `organization`, `connection`, `provider`.',
  }),
  connection: Line(100).optional().meta({ description: 'A WorkOS connection id.' }),
  provider: Line(64)
    .optional()
    .meta({ description: 'A WorkOS provider, e.g. `GoogleOAuth`; only for clients with `*`.' }),
  state: Line(1_024)
    .refine((state) => Buffer.byteLength(state) <= 1_024, 'may have 1,024 bytes')
    .optional()
    .meta({ description: 'Comes back to your redirect URI as it is. At most 1 KB.' }),
  login_hint: Line(320).optional().meta({ description: 'Passed on to the identity provider.' }),
  domain_hint: Line(253).optional().meta({ description: 'Passed on to the identity provider.' }),
  nonce: Line(512).optional().meta({ description: 'Passed on to WorkOS.' }),
  prompt: Line(64)
    .optional()
    .meta({ description: 'Passed on to WorkOS; `login` forces a fresh sign-in.' }),
  provider_scopes: Line(1_024)
    .optional()
    .meta({ description: 'Passed on to the provider: scopes, comma separated.' }),
  code_challenge: Challenge.optional().meta({ description: 'PKCE (RFC 7636), recommended.' }),
  code_challenge_method: z.literal('S256').optional().meta({ description: '`S256` only.' }),
};

/** In the query nothing is refused by the schema: faults are told at the redirect URI. */
const inQuery = (schemas: Readonly<Record<string, z.ZodType>>) =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      z
        .string()
        .optional()
        .meta({ description: schema.meta()?.description ?? '' }),
    ]),
  );

const RedirectUri = Line(2_048).meta({
  description: 'One of the client’s redirect URIs, to the letter.',
});

export const Profile = z
  .object({
    object: z.literal('profile').meta({ description: 'Always `profile`.' }),
    id: z.string().meta({ description: 'WorkOS’s id of the profile.' }),
    organization_id: z
      .string()
      .nullable()
      .meta({ description: 'Your tenant id. Null: a provider’s login without a tenant.' }),
    connection_id: z.string().meta({ description: 'The connection that signed the user in.' }),
    connection_type: z.string().meta({ description: 'Its type; treat it as an open list.' }),
    idp_id: z.string().meta({ description: 'The user’s id at the identity provider.' }),
    email: z.string().meta({
      description: 'As the identity provider says. Never match users by it across tenants.',
    }),
    first_name: z.string().nullish().meta({ description: 'The given name, if told.' }),
    last_name: z.string().nullish().meta({ description: 'The family name, if told.' }),
    name: z.string().nullish().meta({ description: 'The full name, if told.' }),
    role: z
      .object({ slug: z.string().meta({ description: 'The role.' }) })
      .nullish()
      .meta({ description: 'The role, if roles are assigned.' }),
    roles: z
      .array(z.object({ slug: z.string().meta({ description: 'A role.' }) }))
      .nullish()
      .meta({ description: 'All roles.' }),
    groups: z.array(z.string()).nullish().meta({ description: 'Groups at the identity provider.' }),
    custom_attributes: z
      .record(z.string(), z.unknown())
      .nullish()
      .meta({ description: 'Attributes mapped in WorkOS.' }),
    raw_attributes: z
      .record(z.string(), z.unknown())
      .nullish()
      .meta({ description: 'Attributes as the identity provider sent them.' }),
  })
  .meta({ id: 'Profile', description: 'A user, as his identity provider vouches for him.' });

export const OauthTokens = z
  .object({
    provider: z.string().nullish().meta({ description: 'Whose tokens these are.' }),
    access_token: z.string().meta({ description: 'The provider’s access token.' }),
    refresh_token: z.string().nullish().meta({ description: 'The provider’s refresh token.' }),
    expires_at: z.number().nullish().meta({ description: 'Seconds since 1970.' }),
    scopes: z.array(z.string()).nullish().meta({ description: 'What was granted.' }),
  })
  .meta({ id: 'OAuthTokens', description: 'For the provider’s own API.' });

export const TokenResponse = z
  .object({
    token_type: z.literal('Bearer').meta({ description: 'Always `Bearer`.' }),
    access_token: z.string().meta({ description: 'For `GET /sso/profile`, by this client only.' }),
    expires_in: z.int().meta({ description: 'Seconds.' }),
    profile: Profile,
    oauth_tokens: OauthTokens.nullish().meta({
      description: 'The provider’s own tokens, where WorkOS hands them out.',
    }),
  })
  .meta({ id: 'TokenResponse', description: 'The user, and a token to ask for him again.' });

const TokenRequest = z
  .object({
    grant_type: z.string().max(64).optional().meta({ description: '`authorization_code`.' }),
    code: z
      .string()
      .max(8_192)
      .optional()
      .meta({ description: 'The code that came to your redirect URI: good once, for 10 minutes.' }),
    client_id: z.string().max(64).optional().meta({ description: 'Your client id.' }),
    client_secret: z
      .string()
      .max(16_384)
      .optional()
      .meta({ description: 'Your API key or workload token, unless it is in `Authorization`.' }),
    redirect_uri: z
      .string()
      .max(2_048)
      .optional()
      .meta({ description: 'If given, the one of the authorization request.' }),
    code_verifier: z
      .string()
      .max(128)
      .optional()
      .meta({ description: 'For the `code_challenge`, if there was one.' }),
  })
  .meta({
    id: 'TokenRequest',
    description: 'An authorization code to exchange (RFC 6749 §4.1.3).',
  });

export const ssoContract = {
  authorizeSso: {
    method: 'get',
    path: '/sso/authorize',
    summary: 'Send a browser to sign in',
    description:
      'As WorkOS’s, with a tenant id. An unknown client or redirect URI is a page, never a redirect; any other fault goes to the redirect URI with `error`, `error_description`, `state` and `iss`.',
    access: 'public',
    query: z.looseObject({
      client_id: z.string().optional().meta({ description: 'Your client id.' }),
      redirect_uri: z
        .string()
        .optional()
        .meta({ description: 'One of the client’s redirect URIs, to the letter.' }),
      response_type: z.string().optional().meta({ description: '`code`.' }),
      ...inQuery(REQUEST),
    }),
    repeatable: ['provider_scopes'],
    tellsDoubled: true,
    reply: {
      status: 'browser',
      answers: { 302: 'To the identity provider, or back with an error.' },
    },
    problems: ['unknown-client', 'unregistered-redirect-uri'],
  },
  callbackSso: {
    method: 'get',
    path: '/sso/callback',
    summary: 'Where WorkOS leads back to',
    description:
      'The one redirect URI registered at WorkOS. Leads on to the client’s own, with a code of Gatehouse’s.',
    access: 'public',
    query: z.looseObject({
      code: z.string().max(2_048).optional().meta({ description: 'WorkOS’s code.' }),
      state: z.string().optional().meta({ description: 'Ours, sealed.' }),
      error: z.string().optional().meta({ description: 'WorkOS’s error code.' }),
      error_description: z.string().optional().meta({ description: 'WorkOS’s words for it.' }),
      organization_id: z
        .string()
        .optional()
        .meta({ description: 'With `idp_initiated_sso_disabled`: whose login it was.' }),
    }),
    reply: {
      status: 'browser',
      answers: {
        302: 'To the client’s redirect URI, or to where its logins begin.',
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
      ...UPSTREAM_PROBLEMS,
    ],
  },
  getSsoProfile: {
    method: 'get',
    path: '/sso/profile',
    summary: 'Get the profile behind an access token',
    access: 'public',
    reply: { status: 200, body: Profile },
    problems: ['invalid-access-token', ...UPSTREAM_PROBLEMS],
  },
  authorizeSsoLogout: {
    method: 'post',
    path: '/sso/logout/authorize',
    summary: 'Begin a sign-out at the identity provider',
    access: { scope: 'sso:login' },
    body: z
      .strictObject({
        profile_id: Line(100).meta({ description: 'A profile that this client signed in.' }),
      })
      .meta({ id: 'AuthorizeLogout', description: 'Whom to sign out.' }),
    reply: {
      status: 200,
      body: z
        .object({
          logout_url: z.string().meta({ description: 'Where to send the browser.' }),
          logout_token: z.string().meta({ description: 'The token in it.' }),
        })
        .meta({ id: 'LogoutAuthorization', description: 'A way to sign out.' }),
      secret: true,
    },
    problems: ['not-found', 'connection-invalid', ...UPSTREAM_PROBLEMS],
  },
  logoutSso: {
    method: 'get',
    path: '/sso/logout',
    summary: 'Send a browser to sign out',
    access: 'public',
    query: z.looseObject({
      token: z.string().max(16_384).optional().meta({ description: 'From `logout_url`.' }),
    }),
    reply: { status: 'browser', answers: { 302: 'To WorkOS.' } },
    problems: ['login-expired'],
  },
  createAuthorizationUrl: {
    method: 'post',
    path: '/v1/sso/authorization-urls',
    summary: 'Make the address that a browser signs in at',
    access: { scope: 'sso:login' },
    body: z
      .strictObject({
        redirect_uri: RedirectUri,
        ...REQUEST,
      })
      .meta({ id: 'CreateAuthorizationUrl', description: 'A sign-in to be.' }),
    reply: {
      status: 201,
      body: z
        .object({
          object: z
            .literal('authorization_url')
            .meta({ description: 'Always `authorization_url`.' }),
          url: z.string().meta({ description: 'Of Gatehouse, never of WorkOS.' }),
        })
        .meta({ id: 'AuthorizationUrl', description: 'Where to send a browser.' }),
    },
    problems: ['tenant-not-found', 'unregistered-redirect-uri'],
  },
  oauthMetadata: {
    method: 'get',
    path: '/.well-known/oauth-authorization-server',
    summary: 'Authorization server metadata (RFC 8414)',
    access: 'public',
    reply: {
      status: 200,
      body: z
        .object({
          issuer: z.string().meta({ description: 'PUBLIC_URL.' }),
          authorization_endpoint: z.string().meta({ description: '`/sso/authorize`.' }),
          token_endpoint: z.string().meta({ description: '`/sso/token`.' }),
          response_types_supported: z.array(z.string()).meta({ description: '`code`.' }),
          grant_types_supported: z.array(z.string()).meta({ description: '`authorization_code`.' }),
          code_challenge_methods_supported: z.array(z.string()).meta({ description: '`S256`.' }),
          token_endpoint_auth_methods_supported: z
            .array(z.string())
            .meta({ description: 'Basic and in the body.' }),
          authorization_response_iss_parameter_supported: z
            .boolean()
            .meta({ description: 'RFC 9207.' }),
          service_documentation: z.string().meta({ description: '`/docs`.' }),
        })
        .meta({ id: 'AuthorizationServerMetadata', description: 'For OAuth client libraries.' }),
    },
    problems: [],
  },
} as const satisfies Contract;

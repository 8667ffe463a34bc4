import { z } from 'zod';
import { Line } from '../../core/text.ts';

export const CallbackQuery = z.looseObject({
  code: z.string().max(2_048).optional().meta({ description: 'WorkOS’s code.' }),
  state: z.string().optional().meta({ description: 'Gatehouse’s own state, sealed.' }),
  error: z.string().optional().meta({ description: 'WorkOS’s error code.' }),
  error_description: z
    .string()
    .optional()
    .meta({ description: 'WorkOS’s description of the error.' }),
  organization_id: z.string().optional().meta({
    description: 'The organization of the login, with the error `idp_initiated_sso_disabled`.',
  }),
  organization: z.string().optional().meta({ description: 'Another name of `organization_id`.' }),
  connection_id: z.string().optional().meta({
    description: 'The connection of the login, with the same error, if no organization is named.',
  }),
});

export const Profile = z
  .object({
    object: z.literal('profile').meta({ description: 'Always `profile`.' }),
    id: z.string().meta({ description: 'WorkOS’s id of the profile.' }),
    organization_id: z.string().nullable().meta({
      description: 'Your tenant id. Null for a login by provider or magic link without a tenant.',
    }),
    connection_id: z.string().meta({ description: 'The connection that signed the user in.' }),
    connection_type: z
      .string()
      .meta({ description: 'The type of the connection. WorkOS may add types at any time.' }),
    idp_id: z.string().meta({ description: 'The user’s id at the identity provider.' }),
    email: z.string().meta({
      description:
        'The e-mail address that the identity provider asserts. Never match users by it across tenants.',
    }),
    first_name: z.string().nullish().meta({ description: 'The given name, if known.' }),
    last_name: z.string().nullish().meta({ description: 'The family name, if known.' }),
    name: z.string().nullish().meta({ description: 'The full name, if known.' }),
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
  .meta({ id: 'Profile', description: 'A user, as their identity provider describes them.' });

export const OauthTokens = z
  .object({
    provider: z.string().nullish().meta({ description: 'The provider that issued the tokens.' }),
    access_token: z.string().meta({ description: 'The provider’s access token.' }),
    refresh_token: z.string().nullish().meta({ description: 'The provider’s refresh token.' }),
    expires_at: z
      .number()
      .nullish()
      .meta({ description: 'Expiry of the access token, in seconds since 1970.' }),
    scopes: z.array(z.string()).nullish().meta({ description: 'The granted scopes.' }),
  })
  .meta({ id: 'OAuthTokens', description: 'Tokens for the provider’s own API.' });

export const TokenResponse = z
  .object({
    token_type: z.literal('Bearer').meta({ description: 'Always `Bearer`.' }),
    access_token: z
      .string()
      .meta({ description: 'A token for `GET /sso/profile`, for this client only.' }),
    expires_in: z.int().meta({ description: 'Lifetime of the access token in seconds.' }),
    profile: Profile,
    oauth_tokens: OauthTokens.nullish().meta({
      description: 'The provider’s own tokens, if WorkOS returns them.',
    }),
  })
  .meta({ id: 'TokenResponse', description: 'The user’s profile, and a token to read it again.' });

export const TokenRequest = z
  .object({
    grant_type: z.string().max(64).optional().meta({ description: '`authorization_code`.' }),
    code: z.string().max(8_192).optional().meta({
      description: 'The code sent to your redirect URI. Valid once, for 10 minutes.',
    }),
    client_id: z.string().max(64).optional().meta({ description: 'Your client id.' }),
    client_secret: z
      .string()
      .max(16_384)
      .optional()
      .meta({ description: 'Your API key or workload token, unless it is in `Authorization`.' }),
    redirect_uri: z.string().max(2_048).optional().meta({
      description: 'If given, it must equal the one of the authorization request.',
    }),
    code_verifier: z.string().max(128).optional().meta({
      description:
        'The PKCE verifier. Required if the authorization request had a `code_challenge`.',
    }),
  })
  .meta({
    id: 'TokenRequest',
    description: 'An authorization code to exchange (RFC 6749 §4.1.3).',
  });

export const AuthorizeLogout = z
  .strictObject({
    profile_id: Line(100).meta({ description: 'A profile that this client signed in.' }),
  })
  .meta({ id: 'AuthorizeLogout', description: 'The user to sign out.' });

export const LogoutAuthorization = z
  .object({
    logout_url: z.string().meta({ description: 'The URL to send the browser to.' }),
    logout_token: z.string().meta({ description: 'The token in `logout_url`.' }),
  })
  .meta({ id: 'LogoutAuthorization', description: 'A URL that signs the user out.' });

export const ServerMetadata = z
  .object({
    issuer: z.string().meta({ description: 'The issuer: `PUBLIC_URL`.' }),
    authorization_endpoint: z.string().meta({ description: 'The URL of `/sso/authorize`.' }),
    token_endpoint: z.string().meta({ description: 'The URL of `/sso/token`.' }),
    response_types_supported: z.array(z.string()).meta({ description: 'Only `code`.' }),
    grant_types_supported: z.array(z.string()).meta({ description: 'Only `authorization_code`.' }),
    code_challenge_methods_supported: z.array(z.string()).meta({ description: 'Only `S256`.' }),
    token_endpoint_auth_methods_supported: z
      .array(z.string())
      .meta({ description: 'HTTP Basic, or `client_secret` in the body.' }),
    authorization_response_iss_parameter_supported: z
      .boolean()
      .meta({ description: 'True: redirects to clients carry `iss` (RFC 9207).' }),
    service_documentation: z.string().meta({ description: 'The URL of `/docs`.' }),
  })
  .meta({ id: 'AuthorizationServerMetadata', description: 'Metadata for OAuth client libraries.' });

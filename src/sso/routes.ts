import { implement, type InputOf } from '../http/endpoint.ts';
import { invalidField, Problem } from '../core/problem.ts';
import type { Access } from './token/access-tokens.ts';
import { AuthorizationError, type AuthorizationRequest } from './protocol/authorization-request.ts';
import type { Authorize } from './login/authorize.ts';
import type { createCallback } from './login/callback.ts';
import type { CallbackRequest } from './login/callback-request.ts';
import { ssoContract } from './protocol/contract.ts';
import { withParameters } from './protocol/flow.ts';
import type { createLogout } from './logout.ts';
import type { MagicLinks } from './login/magic-link.ts';
import type { createTokenService } from './token/token-endpoint.ts';

export interface SsoServices {
  readonly authorize: Authorize;
  readonly callback: ReturnType<typeof createCallback>;
  readonly tokens: ReturnType<typeof createTokenService>;
  readonly access: Access;
  readonly logout: ReturnType<typeof createLogout>;
  readonly magicLinks: MagicLinks;
  readonly publicUrl: string;
}

export const ssoRoutes = ({
  authorize,
  callback,
  tokens,
  access,
  logout,
  publicUrl,
}: SsoServices) =>
  implement(
    ssoContract,
    {
      authorizeSso: ({ query, doubled, headers }) =>
        authorize.start(query as AuthorizationRequest, doubled, headers.cookie),
      callbackSso: ({ query, headers, actor, address }) =>
        callback.receive({
          query: query as CallbackRequest['query'],
          headers,
          address,
          actor,
        }),
      exchangeSsoCode: (request) => tokens.exchangeCode(request),
      getSsoProfile: ({ headers }) => access.profile(headers.authorization),
      authorizeSsoLogout: ({ body, client }) => logout.authorize(client, body.profile_id),
      logoutSso: ({ query }) => logout.redirect(query.token),
      createAuthorizationUrl: (request) => authorizationUrl(authorize, publicUrl, request),
      oauthMetadata: () => Promise.resolve(metadata(publicUrl)),
    },
    {
      createAuthorizationUrl: async (request) => {
        await authorizationUrl(authorize, publicUrl, request);
      },
    },
  );

async function authorizationUrl(
  authorize: Authorize,
  publicUrl: string,
  { body, client }: InputOf<typeof ssoContract, 'createAuthorizationUrl'>,
) {
  const request = {
    ...body,
    ...(body.code_challenge !== undefined && { code_challenge_method: 'S256' }),
  };
  await authorize.check(client, request).catch((error: unknown) => {
    throw error instanceof AuthorizationError ? asProblem(error) : error;
  });
  const url = withParameters(`${publicUrl}/sso/authorize`, {
    client_id: client.id,
    response_type: 'code',
    ...request,
  });
  return { object: 'authorization_url' as const, url };
}

const asProblem = ({ code, field, message }: AuthorizationError): Problem =>
  code === 'organization_invalid'
    ? new Problem('tenant-not-found', message)
    : invalidField(field, code, message);

/** RFC 8414 §2. */
const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/sso/authorize`,
  token_endpoint: `${issuer}/sso/token`,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  authorization_response_iss_parameter_supported: true,
  service_documentation: `${issuer}/docs`,
});

import { implement } from '../http/endpoint.ts';
import { authorizationUrl } from './login/authorization-url.ts';
import type { Authorize } from './login/authorize.ts';
import type { Callback } from './login/callback.ts';
import type { MagicLinks } from './login/magic-link.ts';
import type { Logout } from './logout.ts';
import type { connectionOf, createResultReader } from './sign-in-test/read-result.ts';
import type { SignInTests } from './sign-in-test/sign-in-test.ts';
import { ssoContract } from './protocol/contract.ts';
import { serverMetadata } from './protocol/server-metadata.ts';
import type { AccessTokens } from './token/access-tokens.ts';
import type { TokenEndpoint } from './token/token-endpoint.ts';

export interface SsoServices {
  readonly authorize: Authorize;
  readonly callback: Callback;
  readonly tokenEndpoint: TokenEndpoint;
  readonly accessTokens: AccessTokens;
  readonly logout: Logout;
  readonly magicLinks: MagicLinks;
  /** Tests of a connection, for the setup page. */
  readonly signInTests: Pick<SignInTests, 'begin'> & {
    readonly connectionOf: ReturnType<typeof connectionOf>;
    readonly resultOf: ReturnType<typeof createResultReader>;
  };
  readonly publicUrl: string;
}

export const ssoRoutes = (sso: SsoServices) =>
  implement(
    ssoContract,
    {
      authorizeSso: (input) => sso.authorize.start(input),
      callbackSso: (input) => sso.callback.receive(input),
      exchangeSsoCode: (input) => sso.tokenEndpoint.exchangeCode(input),
      getSsoProfile: (input) => sso.accessTokens.profile(input),
      authorizeSsoLogout: (input) => sso.logout.authorize(input),
      logoutSso: (input) => sso.logout.redirect(input),
      createAuthorizationUrl: (input) => authorizationUrl(sso, input),
      oauthMetadata: () => Promise.resolve(serverMetadata(sso.publicUrl)),
    },
    {
      createAuthorizationUrl: async (input) => {
        await authorizationUrl(sso, input);
      },
    },
  );

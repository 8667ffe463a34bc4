import type { Authenticator } from '../auth/passport.ts';
import { createTokenSealer } from '../core/encryption.ts';
import type { Refusals } from '../http/rate-limits.ts';
import type {
  FindClient,
  FindTenant,
  FindTenantByOrganization,
  OrganizationOfConnection,
  RecordOccurrence,
} from '../core/ports.ts';
import type { Secret } from '../core/secret.ts';
import type { Upstream } from '../workos/upstream.ts';
import type { SsoStore } from './codes/store.ts';
import { createExchange } from './codes/workos-exchange.ts';
import { countSteps, type CountDeps } from './count-steps.ts';
import { createAuthorize } from './login/authorize.ts';
import { createCallback } from './login/callback.ts';
import { createIdpInitiated, type SignInTenant } from './login/idp-initiated.ts';
import { createMagicLinks } from './login/magic-link.ts';
import { createLogout } from './logout.ts';
import { createFlowCookies } from './protocol/flow-cookie.ts';
import type { SsoServices } from './routes.ts';
import { connectionOf, createResultReader } from './sign-in-test/read-result.ts';
import { createSignInTests } from './sign-in-test/sign-in-test.ts';
import { createAccessTokens } from './token/access-tokens.ts';
import { createTokenEndpoint } from './token/token-endpoint.ts';

export interface SsoDeps extends CountDeps {
  readonly upstream: Upstream;
  readonly authenticator: Authenticator;
  readonly refusals: Refusals;
  readonly findClient: FindClient;
  readonly findTenant: FindTenant;
  readonly findTenantByOrganization: FindTenantByOrganization<SignInTenant>;
  readonly organizationOfConnection: OrganizationOfConnection;
  readonly store: SsoStore;
  readonly recordOccurrence: RecordOccurrence;
  readonly keys: readonly Secret[];
  readonly workos: { readonly baseUrl: URL; readonly clientId: string };
  readonly publicUrl: string;
  readonly development: boolean;
  readonly defaultSignInClient: string | undefined;
}

/**
 * Single sign-on: authorize → WorkOS → callback → token. Nothing is stored between the steps: the
 * login's state is sealed and sent through the browser and the client, so any replica can serve any
 * step.
 */
export function createSso(deps: SsoDeps): SsoServices {
  const sealer = createTokenSealer(deps.keys);
  const cookies = createFlowCookies(deps.publicUrl.startsWith('https:'));
  const exchange = createExchange(deps.upstream, deps.workos.clientId);
  const idpInitiated = createIdpInitiated({
    ...deps,
    exchange,
    cookies,
    defaultClient: deps.defaultSignInClient,
  });
  const accessTokens = createAccessTokens({ ...deps, sealer, exchange });
  const counted = countSteps(deps);
  const callback = createCallback({ ...deps, sealer, cookies, idpInitiated });
  const tokenEndpoint = createTokenEndpoint({ ...deps, sealer, exchange, accessTokens });
  const signInTests = createSignInTests({ ...deps, sealer, cookies });
  return {
    signInTests: {
      begin: signInTests.begin,
      connectionOf: connectionOf(sealer),
      resultOf: createResultReader({ ...deps, sealer, exchange }),
    },
    publicUrl: deps.publicUrl,
    accessTokens,
    authorize: createAuthorize({ ...deps, sealer, cookies }),
    callback: {
      receive: async (input) =>
        signInTests.receive(input) ??
        counted(
          'callback',
          () => callback.receive(input),
          input.query.error === undefined ? 'ok' : 'refused_by_idp',
        ),
    },
    tokenEndpoint: {
      exchangeCode: (input) => counted('token', () => tokenEndpoint.exchangeCode(input)),
    },
    logout: createLogout({ ...deps, sealer }),
    magicLinks: createMagicLinks(sealer, deps.publicUrl),
  };
}

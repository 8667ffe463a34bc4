import type { Authenticator } from '../auth/passport.ts';
import type { Client, Tenant } from '../core/identity.ts';
import type { Problem } from '../core/problem.ts';
import type { Secret } from '../core/secret.ts';
import type { Upstream } from '../workos/upstream.ts';
import { createAccess } from './token/access-tokens.ts';
import { createAuthorize } from './login/authorize.ts';
import { createCallback } from './login/callback.ts';
import { createExchange } from './codes/workos-exchange.ts';
import { createFlowCookies } from './protocol/flow-cookie.ts';
import { createIdpInitiated, type SignInTenant } from './login/idp-initiated.ts';
import { createLogout } from './logout.ts';
import type { SsoServices } from './routes.ts';
import { createMagicLinks } from './login/magic-link.ts';
import { createTokenSealer } from '../core/encryption.ts';
import type { SsoStore } from './codes/store.ts';
import { createTokenService } from './token/token-endpoint.ts';

export interface SsoDeps {
  readonly upstream: Upstream;
  readonly authenticator: Authenticator;
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenants: { find(tenantId: string): Promise<Tenant | undefined> };
  readonly tenantOf: (organizationId: string) => Promise<SignInTenant | undefined>;
  readonly store: SsoStore;
  readonly toProblem: (error: unknown) => Problem;
  readonly onOutcome: (code: string) => void;
  readonly keys: readonly Secret[];
  readonly workos: { readonly baseUrl: URL; readonly clientId: string };
  readonly publicUrl: string;
  readonly development: boolean;
  readonly defaultSignInClient: string | undefined;
}

/**
 * Single sign-on: authorize → WorkOS → callback → token. Between the steps nothing is stored; what
 * one step knows travels sealed through the browser or the sibling, so any replica answers any step.
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
  const access = createAccess({ ...deps, sealer, exchange });
  return {
    publicUrl: deps.publicUrl,
    access,
    authorize: createAuthorize({ ...deps, sealer, cookies }),
    callback: createCallback({ ...deps, sealer, cookies, idpInitiated }),
    tokens: createTokenService({ ...deps, sealer, exchange, access }),
    logout: createLogout({ ...deps, sealer }),
    magicLinks: createMagicLinks(sealer, deps.publicUrl),
  };
}

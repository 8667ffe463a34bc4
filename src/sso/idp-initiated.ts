import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Answer } from '../http/answer.ts';
import { hasScope, mayUseTenant, type Client } from '../identity.ts';
import { Problem } from '../problem.ts';
import { Secret } from '../secret.ts';
import type { TenantRow } from '../tenants/store.ts';
import type { CallbackRequest } from './callback.ts';
import type { Exchange } from './exchange.ts';
import type { FlowCookies } from './flow-cookie.ts';
import { withParameters } from './flow.ts';

export interface IdpInitiatedDeps {
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenantOf: (
    organizationId: string,
  ) => Promise<Pick<TenantRow, 'id' | 'status' | 'signInClientId'> | undefined>;
  readonly exchange: Exchange;
  readonly cookies: FlowCookies;
  readonly defaultClient: string | undefined;
  readonly publicUrl: string;
}

export type IdpInitiated = ReturnType<typeof createIdpInitiated>;

/**
 * Logins that begin at the identity provider carry no state, so nothing tells them from an
 * attacker's. They are never accepted: the code is spent to learn the tenant, the profile is
 * dropped, and the browser goes to where a proper login begins.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin
 */
export function createIdpInitiated(deps: IdpInitiatedDeps) {
  // This way a stranger costs us a call to WorkOS.
  const limiter = new RateLimiterMemory({ points: 10, duration: 60 });

  const organizationOf = async ({
    query,
    address,
  }: CallbackRequest): Promise<string | undefined> => {
    // `idp_initiated_sso_disabled`: WorkOS names the organization and has issued no code.
    const named = query['organization_id'] ?? query['organization'];
    if (typeof query['error'] === 'string') return typeof named === 'string' ? named : undefined;
    if (typeof query['code'] !== 'string') return undefined;
    await limiter.consume(address).catch(() => {
      throw new Problem('too-many-requests', 'Too many sign-ins from this address.', {
        retryAfter: 60,
      });
    });
    return (await deps.exchange.learn(query['code'])) ?? undefined;
  };

  const clientFor = async (
    tenantId: string,
    signInClientId: string | null,
  ): Promise<Client | undefined> => {
    const id = signInClientId ?? deps.defaultClient;
    const client = id === undefined ? undefined : await deps.clients.byId(id);
    const may =
      client && !client.disabled && hasScope(client, 'sso:login') && mayUseTenant(client, tenantId);
    return may ? client : undefined;
  };

  return {
    /** @throws Problem `login-not-here`, `too-many-requests` */
    async bounce(request: CallbackRequest): Promise<Answer> {
      if (deps.cookies.bounced.isSet(request.cookie)) throw notHere();
      const organizationId = await organizationOf(request);
      const tenant = organizationId === undefined ? undefined : await deps.tenantOf(organizationId);
      const client =
        tenant?.status === 'active' ? await clientFor(tenant.id, tenant.signInClientId) : undefined;
      if (!tenant || !client?.initiateLoginUri) throw notHere();
      return {
        status: 302,
        redirect: new Secret(
          withParameters(client.initiateLoginUri, { iss: deps.publicUrl, tenant: tenant.id }),
        ),
        setCookie: [deps.cookies.bounced.set()],
      };
    },
  };
}

const notHere = () => new Problem('login-not-here', 'The sign-in has to begin at the product.');

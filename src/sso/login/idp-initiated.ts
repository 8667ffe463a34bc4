import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Answer } from '../../http/answer.ts';
import { refuseEmbedded } from '../../http/navigation.ts';
import {
  hasScope,
  mayUseTenant,
  type Actor,
  type Client,
  type Tenant,
} from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { Secret } from '../../core/secret.ts';
import type { CallbackRequest } from './callback-request.ts';
import { endFailedAttempt } from '../codes/code-attempt.ts';
import type { Exchange } from '../codes/workos-exchange.ts';
import type { FlowCookies } from '../protocol/flow-cookie.ts';
import { withParameters } from '../protocol/flow.ts';
import type { SsoStore } from '../codes/store.ts';

/** A tenant, and where its logins begin that an identity provider starts. */
export interface SignInTenant extends Tenant {
  readonly signInClientId: string | null;
  /** The client's generation when it was configured; null accepts every generation. */
  readonly signInClientGeneration: string | null;
}

export interface IdpInitiatedDeps {
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenantOf: (organizationId: string) => Promise<SignInTenant | undefined>;
  readonly exchange: Exchange;
  readonly store: SsoStore;
  readonly cookies: FlowCookies;
  readonly defaultClient: string | undefined;
  readonly publicUrl: string;
}

const REFUSED_POINTS = 5;

export type IdpInitiated = ReturnType<typeof createIdpInitiated>;

/**
 * Logins that begin at the identity provider carry no state, so nothing tells them from an
 * attacker's. They are never accepted: the code is spent to learn the tenant, the profile is
 * dropped, and the browser goes to where a proper login begins.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin
 */
export function createIdpInitiated(deps: IdpInitiatedDeps) {
  const { clients, store, exchange, cookies } = deps;
  // A stranger's made-up code costs a call to WorkOS, and so counts five times. A good one counts
  // only while it is under way: at nine o'clock a whole company arrives from one address.
  const limiter = new RateLimiterMemory({ points: 10 * REFUSED_POINTS, duration: 60 });
  const behindLimited = async (address: string, code: string, actor: Actor) => {
    // In memory, it rejects for one reason: the limit is reached.
    await limiter.consume(address).catch(() => {
      throw new Problem('too-many-requests', 'Too many refused sign-ins from this address.', {
        retryAfter: 60,
      });
    });
    const tenant = await tenantBehind(code, actor);
    if (tenant) await limiter.reward(address);
    else await limiter.penalty(address, REFUSED_POINTS - 1);
    return tenant;
  };

  const tenantNamed = (organizationId: string | null | undefined) =>
    /^org_\w{1,100}$/.test(organizationId ?? '') && organizationId
      ? deps.tenantOf(organizationId)
      : Promise.resolve(undefined);

  /** Spends the code. WorkOS takes it once, by this way or by a token request. */
  const tenantBehind = async (code: string, actor: Actor): Promise<SignInTenant | undefined> => {
    exchange.requireOpen();
    // It carries no state, and so nothing tells its age.
    const spent = await store.spend({ code, age: 0, actor, tenantId: undefined });
    if (!spent) return undefined;
    try {
      const token = await exchange.exchange(code, undefined);
      const tenant = await tenantNamed(token?.profile.organization_id);
      await store.record({ actor, outcome: 'refused', tenantId: tenant?.id });
      return tenant;
    } catch (error) {
      throw await endFailedAttempt(store, spent, error);
    }
  };

  const tenantOf = async ({
    query,
    address,
    actor,
  }: CallbackRequest): Promise<SignInTenant | undefined> => {
    // WorkOS names the organization here, and has issued no code.
    if (query.error === 'idp_initiated_sso_disabled')
      return tenantNamed(query.organization_id ?? query.organization);
    if (query.error !== undefined || !query.code) return undefined;
    return behindLimited(address, query.code, actor);
  };

  /** Returns where logins of the tenant begin, or undefined if no permitted client is configured. */
  const initiateLoginUri = async (tenant: SignInTenant) => {
    const { id, status, signInClientId, signInClientGeneration: generation } = tenant;
    const clientId = signInClientId ?? deps.defaultClient;
    if (status !== 'active' || clientId === undefined) return undefined;
    const client = await clients.byId(clientId);
    const isNamed =
      signInClientId === null || generation === null || generation === client?.generation;
    const may =
      isNamed &&
      client &&
      !client.disabled &&
      hasScope(client, 'sso:login') &&
      mayUseTenant(client, id);
    return may ? client.initiateLoginUri : undefined;
  };

  return {
    /** @throws Problem `login-not-here`, `navigation-required`, `too-many-requests` */
    async bounce(request: CallbackRequest): Promise<Answer> {
      const { headers } = request;
      // Any page could have a visitor's browser spend what its address may.
      refuseEmbedded(headers);
      const tenant = cookies.bounced.isSet(headers.cookie) ? undefined : await tenantOf(request);
      const uri = tenant && (await initiateLoginUri(tenant));
      if (!uri) throw new Problem('login-not-here', 'The sign-in has to begin at the product.');
      const redirect = withParameters(uri, { iss: deps.publicUrl, tenant: tenant.id });
      return {
        status: 302,
        redirect: new Secret(redirect),
        setCookie: [cookies.bounced.set()],
      };
    },
  };
}

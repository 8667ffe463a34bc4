import type { Answer } from '../../http/answer.ts';
import { refuseEmbedded } from '../../http/navigation.ts';
import type { Refusals } from '../../http/rate-limits.ts';
import type { InputOf } from '../../http/endpoint.ts';
import {
  hasScope,
  mayUseTenant,
  type Actor,
  type Client,
  type Tenant,
} from '../../core/identity.ts';
import type {
  FindClient,
  FindTenantByOrganization,
  OrganizationOfConnection,
  RecordOccurrence,
} from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import { Secret } from '../../core/secret.ts';
import { endFailedAttempt } from '../codes/code-attempt.ts';
import type { Exchange } from '../codes/workos-exchange.ts';
import type { ssoContract } from '../protocol/contract.ts';
import type { FlowCookies } from '../protocol/flow-cookie.ts';
import { withParameters } from '../protocol/flow.ts';
import type { SsoStore } from '../codes/store.ts';

/** A tenant with the client at which its IdP-initiated logins begin. */
export interface SignInTenant extends Tenant {
  /** Null when the tenant names none; `DEFAULT_SIGN_IN_CLIENT` then applies. */
  readonly signInClientId: string | null;
  /** The client's generation when it was configured; null accepts every generation. */
  readonly signInClientGeneration: string | null;
}

export interface IdpInitiatedDeps {
  readonly findClient: FindClient;
  readonly findTenantByOrganization: FindTenantByOrganization<SignInTenant>;
  readonly organizationOfConnection: OrganizationOfConnection;
  readonly exchange: Exchange;
  readonly store: SsoStore;
  readonly cookies: FlowCookies;
  readonly defaultClient: string | undefined;
  readonly refusals: Refusals;
  readonly publicUrl: string;
  readonly recordOccurrence: RecordOccurrence;
}

type CallbackInput = InputOf<typeof ssoContract, 'callbackSso'>;

export type IdpInitiated = ReturnType<typeof createIdpInitiated>;

/**
 * IdP-initiated logins. They carry no state, so they cannot be told from an attacker's and are never
 * accepted: the code is spent to learn the tenant, the profile is dropped, and the browser is
 * redirected to the client, where a proper login begins.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin
 */
export function createIdpInitiated(deps: IdpInitiatedDeps) {
  const { findClient, store, exchange, cookies, refusals } = deps;
  // A made-up code costs a call to WorkOS. Good ones are not counted: in the morning a whole company
  // may sign in from one address.
  const limitedTenantOfCode = async (address: string, code: string, actor: Actor) => {
    refusals.check('code', address);
    const tenant = await tenantOfCode(code, actor);
    if (!tenant) refusals.count('code', address);
    return tenant;
  };

  const tenantOfOrganization = (organizationId: string | null | undefined) =>
    /^org_\w{1,100}$/.test(organizationId ?? '') && organizationId
      ? deps.findTenantByOrganization(organizationId)
      : Promise.resolve(undefined);

  const organizationOf = async (connectionId = ''): Promise<string | undefined> =>
    /^conn_\w{1,100}$/.test(connectionId) ? deps.organizationOfConnection(connectionId) : undefined;

  /** Spends the code, so that it cannot be exchanged by a token request. Undefined if it was spent before. */
  const tenantOfCode = async (code: string, actor: Actor): Promise<SignInTenant | undefined> => {
    exchange.requireOpen();
    // The age of the code is unknown, because there is no state.
    const spent = await store.spend({ code, age: 0, actor, tenantId: undefined });
    if (!spent) return undefined;
    try {
      const token = await exchange.exchange(code, undefined);
      const tenant = await tenantOfOrganization(token?.profile.organization_id);
      const details = { reason: 'idp_initiated' };
      await store.record({ actor, outcome: 'refused', tenantId: tenant?.id, details });
      return tenant;
    } catch (error) {
      throw await endFailedAttempt(store, spent, error);
    }
  };

  const tenantOf = async ({
    query,
    address,
    actor,
  }: CallbackInput): Promise<SignInTenant | undefined> => {
    // With this error, WorkOS names the organization and the connection, and issues no code.
    if (query.error === 'idp_initiated_sso_disabled')
      return tenantOfOrganization(
        query.organization_id ?? query.organization ?? (await organizationOf(query.connection_id)),
      );
    if (query.error !== undefined || !query.code) return undefined;
    return limitedTenantOfCode(address, query.code, actor);
  };

  /** Returns the address where logins of the tenant begin, or undefined if no permitted client is configured. */
  const initiateLoginUri = async (tenant: SignInTenant) => {
    const { id, status, signInClientId, signInClientGeneration: generation } = tenant;
    const clientId = signInClientId ?? deps.defaultClient;
    if (status !== 'active' || clientId === undefined) return undefined;
    const client = await findClient(clientId);
    // A later client with the same id is not the one that the tenant names.
    const isNamed =
      signInClientId === null || generation === null || generation === client?.generation;
    return isNamed && client && maySignIn(client, id) ? client.initiateLoginUri : undefined;
  };

  const recordRefusal = (
    { id, status, signInClientId }: SignInTenant,
    { operation, requestId }: Actor,
  ): void => {
    const clientId = signInClientId ?? deps.defaultClient;
    const reason = clientId === undefined ? 'no_sign_in_client' : 'sign_in_client_unusable';
    deps.recordOccurrence({
      tenantId: id,
      operation,
      outcome: 'refused',
      reason: status === 'active' ? reason : 'tenant_not_active',
      clientId,
      requestId,
    });
  };

  return {
    /** @throws Problem `login-not-here`, `navigation-required`, `too-many-requests` */
    async redirectToClient(input: CallbackInput): Promise<Answer> {
      const { headers } = input;
      // Otherwise any page could use up the rate limit of its visitor's address.
      refuseEmbedded(headers);
      const tenant = cookies.bounced.isSet(headers.cookie) ? undefined : await tenantOf(input);
      const uri = tenant && (await initiateLoginUri(tenant));
      if (!uri) {
        if (tenant) recordRefusal(tenant, input.actor);
        throw new Problem('login-not-here', 'The sign-in has to begin at the product.');
      }
      const redirect = withParameters(uri, { iss: deps.publicUrl, tenant: tenant.id });
      return {
        status: 302,
        redirect: new Secret(redirect),
        setCookie: [cookies.bounced.set()],
      };
    },
  };
}

const maySignIn = (client: Client, tenantId: string): boolean =>
  !client.disabled && hasScope(client, 'sso:login') && mayUseTenant(client, tenantId);

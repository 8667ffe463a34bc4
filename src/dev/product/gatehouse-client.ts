/** How a sibling service calls Gatehouse: plain HTTP with its client key and the user's token. */
import { profileOf, setupOf, type Setup, type SsoProfile } from './gatehouse-replies.ts';

const TIMEOUT_MS = 15_000;

export interface Refusal {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Undefined when Gatehouse did not answer. */
  readonly instance?: string;
}

export type Outcome<T> = { readonly value: T } | { readonly refusal: Refusal };

export interface Launch {
  readonly tenantId: string;
  readonly intent: string;
  readonly returnUrl: string;
  readonly userToken: string;
}

export interface SignInRequest {
  readonly tenantId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeChallenge: string;
}

export interface CodeGrant {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

export interface GatehouseClient {
  /** The `iss` parameter of Gatehouse's authorization responses. */
  readonly issuer: string;
  /** Returns the URL to send the browser to. It opens the Admin Portal once. */
  launchPortal(launch: Launch): Promise<Outcome<string>>;
  /** Undefined when Gatehouse does not know the tenant. */
  tenantStatus(tenantId: string): Promise<Outcome<string | undefined>>;
  /** Undefined when Gatehouse does not know the tenant. */
  setup(tenantId: string): Promise<Outcome<Setup | undefined>>;
  provision(tenantId: string, name: string): Promise<Outcome<unknown>>;
  /** The URL that starts a sign-in. The browser returns with a code or an error. */
  authorizationUrl(request: SignInRequest): string;
  /** Exchanges a code for the signed-in user. A code works once. */
  exchangeCode(grant: CodeGrant): Promise<Outcome<SsoProfile>>;
}

export interface GatehouseOptions {
  readonly gatehouseUrl: string;
  readonly clientId: string;
  readonly clientKey: () => string;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly userToken?: string;
}

export function createGatehouseClient(options: GatehouseOptions): GatehouseClient {
  const call = (request: Call) => send(options, request);
  const tenant = (id: string) => `/v1/tenants/${encodeURIComponent(id)}`;
  return {
    issuer: options.gatehouseUrl,
    async launchPortal({ tenantId, intent, returnUrl, userToken }) {
      const body = { tenant_id: tenantId, intent, return_url: returnUrl };
      const path = '/v1/portal-launches';
      const answer = await call({ method: 'POST', path, body, userToken });
      return 'refusal' in answer ? answer : { value: String(answer.value.url) };
    },
    async tenantStatus(tenantId) {
      const answer = await call({ method: 'GET', path: tenant(tenantId) });
      if ('value' in answer) return { value: String(answer.value.status) };
      return answer.refusal.code === 'tenant_not_found' ? { value: undefined } : answer;
    },
    async setup(tenantId) {
      const answer = await call({ method: 'GET', path: `${tenant(tenantId)}/setup` });
      if ('value' in answer) return { value: setupOf(answer.value) };
      return answer.refusal.code === 'tenant_not_found' ? { value: undefined } : answer;
    },
    provision: (tenantId, name) => call({ method: 'PUT', path: tenant(tenantId), body: { name } }),
    authorizationUrl: (request) => authorizationUrl(options, request),
    async exchangeCode({ code, redirectUri, verifier }) {
      const body = {
        grant_type: 'authorization_code',
        client_id: options.clientId,
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      };
      const answer = await call({ method: 'POST', path: '/sso/token', body });
      return 'refusal' in answer ? answer : { value: profileOf(answer.value) };
    },
  };
}

/** OAuth authorization request (RFC 6749 §4.1.1) with the tenant as `organization`. */
function authorizationUrl(
  { gatehouseUrl, clientId }: GatehouseOptions,
  { tenantId, redirectUri, state, codeChallenge }: SignInRequest,
): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    organization: tenantId,
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  });
  return `${gatehouseUrl}/sso/authorize?${query.toString()}`;
}

async function send(
  { gatehouseUrl, clientKey }: GatehouseOptions,
  { method, path, body, userToken }: Call,
): Promise<Outcome<Record<string, unknown>>> {
  try {
    const response = await fetch(new URL(path, gatehouseUrl), {
      method,
      headers: {
        authorization: `Bearer ${clientKey()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(userToken && { 'gatehouse-user-token': userToken }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const json = (await response.json()) as Record<string, unknown>;
    return response.ok ? { value: json } : { refusal: json as unknown as Refusal };
  } catch {
    return { refusal: NO_ANSWER };
  }
}

const NO_ANSWER: Refusal = {
  code: 'not_answering',
  title: 'Gatehouse is not answering',
  detail: 'It may still be starting. Try again in a moment.',
};

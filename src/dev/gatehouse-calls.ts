/** How a sibling service calls Gatehouse: its own key, the user's token, and plain HTTP. */

const TIMEOUT_MS = 15_000;

export interface Refusal {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Absent: Gatehouse could not be asked. */
  readonly instance?: string;
}

export type Outcome<T> = { readonly value: T } | { readonly refusal: Refusal };

export interface Launch {
  readonly tenantId: string;
  readonly intent: string;
  readonly returnUrl: string;
  readonly userToken: string;
}

export interface GatehouseCalls {
  /** Where to send the browser: it leads to the Admin Portal, once. */
  launchPortal(launch: Launch): Promise<Outcome<string>>;
  /** Undefined: Gatehouse does not know the tenant. */
  tenantStatus(tenantId: string): Promise<Outcome<string | undefined>>;
  provision(tenantId: string, name: string): Promise<Outcome<unknown>>;
}

export interface GatehouseOptions {
  readonly gatehouseUrl: string;
  readonly clientKey: () => string;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly userToken?: string;
}

export function createGatehouseCalls(options: GatehouseOptions): GatehouseCalls {
  const call = (request: Call) => send(options, request);
  const tenant = (id: string) => `/v1/tenants/${encodeURIComponent(id)}`;
  return {
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
    provision: (tenantId, name) => call({ method: 'PUT', path: tenant(tenantId), body: { name } }),
  };
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
    return { refusal: NOT_ANSWERING };
  }
}

const NOT_ANSWERING: Refusal = {
  code: 'not_answering',
  title: 'Gatehouse is not answering',
  detail: 'It may still be starting. Try again in a moment.',
};

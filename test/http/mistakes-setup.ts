/** Requests with a mistake, and what they are answered. */
import { afterAll, beforeAll } from '@jest/globals';
import { connect, REDIRECT_URI } from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

export let gatehouse: TestApp;
/** May do everything. */
export let client: TestClient;
/** May read one tenant, and launch the portal for it. */
export let limited: TestClient;
export let admin: string;

export function useMistakes(): void {
  beforeAll(async () => {
    gatehouse = await startTestApp({
      env: { WEBHOOK_ENDPOINT_ORIGINS: 'https://hooks.example.com' },
    });
    client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    limited = await gatehouse.createClient({
      scopes: ['tenants:read', 'portal:launch'],
      tenants: ['globex'],
    });
    admin = await gatehouse.userToken();
    await gatehouse.provision('acme');
    await connect(gatehouse, 'acme');
  });
  afterAll(() => gatehouse.stop());
}

export interface Ask {
  /** Default: POST. */
  readonly method?: string;
  readonly path: string;
  /** Default: the key of `client`. */
  readonly authorization?: string | undefined;
  /** Default: the token of an IT admin. */
  readonly user?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string;
}

/** A mistake, the request with it, and status, code and sentence of its answer. */
export type Mistake = readonly [mistake: string, ask: () => Ask | Promise<Ask>, said: string];

/** @returns status, code and sentence of the answer */
export async function send(ask: Ask): Promise<string> {
  const { method = 'POST', path, headers = {}, body } = ask;
  const authorization = 'authorization' in ask ? ask.authorization : `Bearer ${client.key}`;
  const user = 'user' in ask ? ask.user : admin;
  const res = await fetch(`${gatehouse.url}${path}`, {
    method,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(user !== undefined && { 'gatehouse-user-token': user }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const { code, detail } = (await res.json()) as { code: string; detail: string };
  return `${res.status} ${code}: ${detail}`;
}

export const LINK = '/portal/generate_link';
export const LAUNCH = '/v1/portal-launches';
export const link = (fields: object): Ask => ({
  path: LINK,
  body: { organization: 'acme', intent: 'sso', ...fields },
});
export const launch = (fields: object): Ask => ({
  path: LAUNCH,
  body: { tenant_id: 'acme', intent: 'sso', ...fields },
});
export const list = (query = ''): Ask => ({ method: 'GET', path: `/v1/tenants${query}` });

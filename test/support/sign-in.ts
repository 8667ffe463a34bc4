/** Signing in, seen from outside: a browser, the person in front of it, and the sibling behind it. */
import { createTokenSealer, type TokenSealer } from '../../src/core/encryption.ts';
import type { FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import type { TestApp, TestClient } from './test-app.ts';

/** Who signs in, or the error that comes of it. */
type SignInOptions = NonNullable<Parameters<FakeWorkos['signIn']>[1]>;

export const REDIRECT_URI = 'https://app.example.com/callback';
export const TOKEN = 'POST /sso/token';

export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it leads; undefined: nowhere. */
  readonly location: URL | undefined;
  readonly setCookie: readonly string[];
}

export interface Browser {
  /** By name. */
  readonly cookies: Map<string, string>;
  /** Opens an address of Gatehouse, by path or under its public URL, and follows nothing. */
  get(address: string | URL, options?: VisitOptions): Promise<Page>;
}

export interface VisitOptions {
  /** Of Gatehouse; default: the first replica. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The part of a test app that a sign-in needs. */
export type SignInApp = Pick<TestApp, 'url' | 'workos'> & {
  readonly config: Pick<TestApp['config'], 'publicUrl'>;
};

/** A browser that keeps cookies, as far as Gatehouse uses them. */
export function createBrowser({ url: first, config }: Omit<SignInApp, 'workos'>): Browser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async get(address, { url = first, headers = {} } = {}) {
      const { pathname, search } = new URL(address, config.publicUrl);
      const res = await fetch(`${url}${pathname}${search}`, {
        redirect: 'manual',
        headers: { ...headers, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      });
      for (const cookie of res.headers.getSetCookie()) keep(cookies, cookie);
      const location = res.headers.get('location');
      return {
        status: res.status,
        headers: res.headers,
        text: await res.text(),
        location: location === null ? undefined : new URL(location),
        setCookie: res.headers.getSetCookie(),
      };
    },
  };
}

function keep(cookies: Map<string, string>, cookie: string): void {
  const [pair = '', ...attributes] = cookie.split('; ');
  const [name = '', value = ''] = pair.split('=');
  if (attributes.includes('Max-Age=0')) cookies.delete(name);
  else cookies.set(name, value);
}

export type Query = Readonly<Record<string, string | undefined>>;

const defined = (query: Query) =>
  Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);

/** `/sso/authorize` for tenant acme, unless said otherwise; undefined leaves a parameter out. */
export const authorizePath = (client: TestClient, query: Query = {}): string =>
  `/sso/authorize?${new URLSearchParams(
    defined({
      client_id: client.id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      organization: 'acme',
      ...query,
    }),
  ).toString()}`;

export interface LoginOptions extends SignInOptions {
  readonly query?: Query;
  readonly browser?: Browser;
}

/** From the authorization URL to the identity provider and as far as `/sso/callback`, not further. */
export async function login(
  gatehouse: SignInApp,
  client: TestClient,
  { query, browser = createBrowser(gatehouse), ...person }: LoginOptions = {},
): Promise<{ readonly browser: Browser; readonly back: URL; readonly upstreamCode: string }> {
  const started = await browser.get(authorizePath(client, query));
  if (!started.location) throw new Error(`No login began: ${started.status} ${started.text}`);
  const back = await gatehouse.workos.signIn(started.location.href, person);
  return { browser, back, upstreamCode: back.searchParams.get('code') ?? '' };
}

/** All the way to the sibling's redirect URI. */
export async function signIn(
  gatehouse: SignInApp,
  client: TestClient,
  options: LoginOptions = {},
): Promise<{ readonly code: string; readonly upstreamCode: string; readonly onward: URL }> {
  const { browser, back, upstreamCode } = await login(gatehouse, client, options);
  const { location, status } = await browser.get(back);
  if (!location) throw new Error(`The callback answered ${status}.`);
  return { code: location.searchParams.get('code') ?? '', upstreamCode, onward: location };
}

export interface Exchanged {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ExchangeOptions {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `POST /sso/token` with exactly these fields. */
export async function exchange(
  gatehouse: Pick<TestApp, 'url'>,
  fields: Query,
  { url = gatehouse.url, headers = {} }: ExchangeOptions = {},
): Promise<Exchanged> {
  const res = await fetch(`${url}/sso/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(defined(fields)),
  });
  const body = (await res.json()) as Exchanged['body'];
  return { status: res.status, headers: res.headers, body };
}

/** What an SDK sends for a code. */
export const grant = (client: TestClient, code: string): Record<string, string> => ({
  grant_type: 'authorization_code',
  client_id: client.id,
  client_secret: client.key,
  code,
});

export const profileOf = async (gatehouse: TestApp, accessToken: string): Promise<Exchanged> => {
  const res = await fetch(`${gatehouse.url}/sso/profile`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  return {
    status: res.status,
    headers: res.headers,
    body: (await res.json()) as Exchanged['body'],
  };
};

/** The sealer of a gatehouse, at another time if need be. */
export const sealerOf = ({ config }: TestApp, offsetSeconds = 0): TokenSealer =>
  createTokenSealer(config.keys, () => Math.floor(Date.now() / 1_000) + offsetSeconds);

/** The organization of a tenant, for use on WorkOS's side. */
export const organizationOf = async ({ database }: TestApp, tenantId: string): Promise<string> => {
  const [row] = await database.superuser<{ id: string }>(
    'select organization_id as id from tenants where id = $1',
    [tenantId],
  );
  return row?.id ?? '';
};

/** A connection of a tenant that users can sign in with. */
export const connect = async (
  gatehouse: TestApp,
  tenantId: string,
  type = 'OktaSAML',
): Promise<string> =>
  gatehouse.workos.addConnection(await organizationOf(gatehouse, tenantId), {
    state: 'active',
    connection_type: type,
  }).id;

export const auditRows = ({ database }: TestApp, requestId: string | null | undefined) =>
  database.superuser(
    `select operation, outcome, client_id, user_id, tenant_id, details from audit_trail
     where request_id = $1 order by id`,
    [requestId],
  );

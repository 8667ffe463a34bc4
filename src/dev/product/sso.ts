/**
 * Signing in through Gatehouse as any service does it: OAuth's authorization code flow, with a
 * state that binds the answer to this browser, and PKCE.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-2.1
 */
import { createHash, randomBytes } from 'node:crypto';
import type {
  CodeGrant,
  GatehouseCalls,
  Outcome,
  Refusal,
  SsoProfile,
} from './gatehouse-client.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { tenantNameOf, type Person } from './person.ts';
import { cookie, page, redirect, type Reply } from './http.ts';
import { failedPage, profilePage, strayPage, type Failure } from './sso-views.ts';
import { beginSession, type Routes, type Visit } from './visit.ts';

/** What the browser keeps while the user is away at the identity provider. */
interface Flow {
  readonly tenantId: string;
  readonly state: string;
  readonly verifier: string;
}

export interface SsoOptions {
  readonly url: string;
  readonly people: readonly Person[];
  readonly provider: IdentityProvider;
  readonly gatehouse: GatehouseCalls;
}

const CALLBACK = '/sso/callback';
const FLOW_COOKIE = 'acme_sso';
const FLOW_SECONDS = 600;

export const createSsoRoutes = (options: SsoOptions): Routes => ({
  'GET /sso/start': (visit) => start(options, visit),
  [`GET ${CALLBACK}`]: (visit) => finish(options, visit),
  'GET /profile': ({ session }) => {
    const { person } = session ?? {};
    return person?.signedInBy ? page(profilePage(person, person.signedInBy)) : redirect('/');
  },
});

/** Also the `initiate_login_uri`: a sign-in begun at the identity provider comes here, with `iss`. */
function start({ url, gatehouse }: SsoOptions, { query }: Visit): Reply {
  const tenantId = query.get('tenant');
  const iss = query.get('iss') ?? gatehouse.issuer;
  if (!tenantId || iss !== gatehouse.issuer) return redirect('/');
  const flow = { tenantId, state: randomText(), verifier: randomText() };
  const address = gatehouse.authorizationUrl({
    tenantId,
    redirectUri: url + CALLBACK,
    state: flow.state,
    codeChallenge: createHash('sha256').update(flow.verifier).digest('base64url'),
  });
  return redirect(address, { 'set-cookie': flowCookie(seal(flow), FLOW_SECONDS) });
}

async function finish(options: SsoOptions, { query, cookieOf, session }: Visit): Promise<Reply> {
  const { url, people, provider, gatehouse } = options;
  const flow = open(cookieOf(FLOW_COOKIE));
  const isOurs = query.get('state') === flow?.state && query.get('iss') === gatehouse.issuer;
  if (!flow || !isOurs) return page(strayPage(session?.person), 400);
  const answer = await outcomeOf(gatehouse, query, {
    redirectUri: url + CALLBACK,
    verifier: flow.verifier,
  });
  if ('refusal' in answer)
    return page(
      failedPage(session?.person, failureOf(answer.refusal, flow.tenantId, people)),
      answer.refusal.code === 'not_answering' ? 502 : 403,
      { 'set-cookie': flowCookie('', 0) },
    );
  const token = await provider.tokenOf(personOf(answer.value, people));
  // On to an address without the code, so that reloading it is harmless.
  return redirect('/profile', { 'set-cookie': [beginSession(token), flowCookie('', 0)] });
}

function outcomeOf(
  gatehouse: GatehouseCalls,
  query: URLSearchParams,
  binding: Omit<CodeGrant, 'code'>,
): Promise<Outcome<SsoProfile>> {
  const code = query.get('error');
  if (code === null) return gatehouse.exchangeCode({ code: query.get('code') ?? '', ...binding });
  const detail = query.get('error_description') ?? '';
  return Promise.resolve({ refusal: { code, title: code, detail } });
}

function failureOf(refusal: Refusal, tenantId: string, people: readonly Person[]): Failure {
  const those = people.filter((person) => person.tenantId === tenantId);
  return {
    code: refusal.code,
    description: refusal.detail,
    tenantId,
    tenantName: tenantNameOf(people, tenantId),
    admin: those.find(({ roles }) => roles.includes('it_admin')),
  };
}

const randomText = (): string => randomBytes(32).toString('base64url');

const flowCookie = (value: string, maxAgeSeconds: number): string =>
  cookie(FLOW_COOKIE, value, maxAgeSeconds, CALLBACK);

const seal = (flow: Flow): string => Buffer.from(JSON.stringify(flow)).toString('base64url');

/** Undefined: no sign-in is under way in this browser. */
function open(value: string | undefined): Flow | undefined {
  try {
    return value === undefined
      ? undefined
      : (JSON.parse(Buffer.from(value, 'base64url').toString()) as Flow);
  } catch {
    return undefined;
  }
}

/** Known by the profile's id, never by the e-mail: another tenant's provider may claim the same. */
const personOf = (profile: SsoProfile, people: readonly Person[]): Person => ({
  id: profile.id,
  name: profile.name ?? profile.email,
  tenantId: profile.tenantId,
  tenantName: tenantNameOf(people, profile.tenantId),
  roles: ['member'],
  signedInBy: {
    email: profile.email,
    connectionId: profile.connectionId,
    connectionType: profile.connectionType,
  },
});

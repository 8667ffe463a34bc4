/**
 * Signs users in through Gatehouse as any service does: OAuth's authorization code flow with PKCE
 * and a state that binds the response to this browser.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-2.1
 */
import { createHash, randomBytes } from 'node:crypto';
import type { CodeGrant, GatehouseClient, Outcome, Refusal } from './gatehouse-client.ts';
import type { SsoProfile } from './gatehouse-replies.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { tenantNameOf, type Person } from './person.ts';
import { cookie, page, redirect, type Reply } from './http.ts';
import { failedPage, profilePage, unknownFlowPage, type Failure } from './sso-views.ts';
import { beginSession, type Routes, type Visit } from './visit.ts';

/** Kept in a cookie while the user is at the identity provider. */
interface Flow {
  readonly tenantId: string;
  readonly state: string;
  readonly verifier: string;
}

export interface SsoOptions {
  readonly url: string;
  readonly people: readonly Person[];
  readonly provider: IdentityProvider;
  readonly gatehouse: GatehouseClient;
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

/** Starts a sign-in. Also the `initiate_login_uri`: IdP-initiated sign-ins arrive here with `iss`. */
function start({ url, gatehouse }: SsoOptions, { query }: Visit): Reply {
  const tenantId = query.get('tenant');
  const iss = query.get('iss') ?? gatehouse.issuer;
  if (!tenantId || iss !== gatehouse.issuer) return redirect('/');
  const flow = { tenantId, state: randomText(), verifier: randomText() };
  const authorizationUrl = gatehouse.authorizationUrl({
    tenantId,
    redirectUri: url + CALLBACK,
    state: flow.state,
    codeChallenge: createHash('sha256').update(flow.verifier).digest('base64url'),
  });
  return redirect(authorizationUrl, { 'set-cookie': flowCookie(encodeFlow(flow), FLOW_SECONDS) });
}

async function finish(options: SsoOptions, { query, cookieOf, session }: Visit): Promise<Reply> {
  const { url, people, provider, gatehouse } = options;
  const flow = decodeFlow(cookieOf(FLOW_COOKIE));
  const belongsToFlow = query.get('state') === flow?.state && query.get('iss') === gatehouse.issuer;
  if (!flow || !belongsToFlow) return page(unknownFlowPage(session?.person), 400);
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
  const token = await provider.tokenForSsoUser(personOf(answer.value, people));
  // Redirect to a URL without the code, so that a reload is harmless.
  return redirect('/profile', { 'set-cookie': [beginSession(token), flowCookie('', 0)] });
}

function outcomeOf(
  gatehouse: GatehouseClient,
  query: URLSearchParams,
  binding: Omit<CodeGrant, 'code'>,
): Promise<Outcome<SsoProfile>> {
  const code = query.get('error');
  if (code === null) return gatehouse.exchangeCode({ code: query.get('code') ?? '', ...binding });
  const detail = query.get('error_description') ?? '';
  return Promise.resolve({ refusal: { code, title: code, detail } });
}

function failureOf(refusal: Refusal, tenantId: string, people: readonly Person[]): Failure {
  const members = people.filter((person) => person.tenantId === tenantId);
  return {
    code: refusal.code,
    description: refusal.detail,
    tenantId,
    tenantName: tenantNameOf(people, tenantId),
    admin: members.find(({ roles }) => roles.includes('it_admin')),
  };
}

const randomText = (): string => randomBytes(32).toString('base64url');

const flowCookie = (value: string, maxAgeSeconds: number): string =>
  cookie(FLOW_COOKIE, value, maxAgeSeconds, CALLBACK);

const encodeFlow = (flow: Flow): string => Buffer.from(JSON.stringify(flow)).toString('base64url');

/** Returns undefined when this browser has no sign-in in progress. */
function decodeFlow(value: string | undefined): Flow | undefined {
  try {
    return value === undefined
      ? undefined
      : (JSON.parse(Buffer.from(value, 'base64url').toString()) as Flow);
  } catch {
    return undefined;
  }
}

/** Identifies the person by profile id, never by e-mail: another tenant's identity provider may claim the same address. */
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

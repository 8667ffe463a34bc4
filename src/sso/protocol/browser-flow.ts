/** A login at WorkOS that is bound to one browser: by a sealed `state`, and by a cookie with the PKCE verifier. */
import { randomBytes } from 'node:crypto';
import type { TokenKind, TokenSealer } from '../../core/encryption.ts';
import { Secret } from '../../core/secret.ts';
import type { Answer } from '../../http/answer.ts';
import { challengeOf, FLOW_SECONDS, type FlowSecret } from './flow.ts';
import type { FlowCookies } from './flow-cookie.ts';

export interface BrowserFlowDeps {
  readonly sealer: TokenSealer;
  readonly cookies: FlowCookies;
  readonly workos: { readonly baseUrl: URL; readonly clientId: string };
  readonly publicUrl: string;
}

interface NewFlow {
  readonly kind: Extract<TokenKind, 'state' | 'test'>;
  /** Sealed into `state`, together with the id of the flow. */
  readonly state: object;
  /** Names the login target to WorkOS, and hints for it. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The `Cookie` header of the browser. */
  readonly cookie: string | undefined;
}

/** The one redirect URI that is registered at WorkOS. */
export const callbackUrl = (publicUrl: string): string => `${publicUrl}/sso/callback`;

/** Redirects the browser to WorkOS, which sends it to `callbackUrl` afterwards. Stores nothing. */
export function beginFlow(
  { sealer, cookies, workos, publicUrl }: BrowserFlowDeps,
  { kind, state, parameters, cookie }: NewFlow,
) {
  const secret: FlowSecret = { flow: random(16), verifier: random(32) };
  const query = new URLSearchParams({
    ...parameters,
    client_id: workos.clientId,
    redirect_uri: callbackUrl(publicUrl),
    response_type: 'code',
    state: sealer.seal(kind, { ...state, flow: secret.flow }, FLOW_SECONDS),
    code_challenge: challengeOf(secret.verifier),
    code_challenge_method: 'S256',
  });
  return {
    status: 302,
    redirect: new Secret(`${workos.baseUrl.origin}/sso/authorize?${query.toString()}`),
    setCookie: cookies.begin(secret.flow, sealer.seal('flow', secret, FLOW_SECONDS), cookie),
  } satisfies Answer;
}

/** Returns the PKCE verifier of a flow, or undefined if another browser began it or it was finished before. */
export function verifierOf(
  { sealer, cookies }: Pick<BrowserFlowDeps, 'sealer' | 'cookies'>,
  flow: string,
  cookie: string | undefined,
): string | undefined {
  const sealed = cookies.valueOf(flow, cookie);
  const secret = sealed === undefined ? undefined : sealer.open<FlowSecret>('flow', sealed);
  return secret?.flow === flow ? secret.verifier : undefined;
}

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

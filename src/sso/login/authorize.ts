import { randomBytes } from 'node:crypto';
import type { Answer } from '../../http/answer.ts';
import type { Client } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { Secret } from '../../core/secret.ts';
import { ClientId } from '../../core/wire-ids.ts';
import {
  AuthorizationError,
  checkRequest,
  hintsOf,
  refuseDoubled,
  stateOf,
  withoutEmpty,
  type AuthorizationRequest,
} from '../protocol/authorization-request.ts';
import {
  challengeOf,
  FLOW_SECONDS,
  isRegistered,
  sealedClient,
  withParameters,
  type FlowSecret,
  type FlowState,
} from '../protocol/flow.ts';
import type { FlowCookies } from '../protocol/flow-cookie.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import { chosenSelector, type Tenants } from '../protocol/login-target.ts';

export interface AuthorizeDeps {
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenants: Tenants;
  readonly sealer: TokenSealer;
  readonly cookies: FlowCookies;
  readonly workos: { readonly baseUrl: URL; readonly clientId: string };
  readonly publicUrl: string;
}

type RedirectAnswer = Extract<Answer, { redirect: unknown }>;

export type Authorize = ReturnType<typeof createAuthorize>;

/** The beginning of a login. Makes no call and stores nothing: what it knows travels sealed. */
export function createAuthorize(deps: AuthorizeDeps) {
  const { clients, tenants, sealer, cookies, workos, publicUrl } = deps;

  const begin = async (
    client: Client,
    redirectUri: string,
    request: AuthorizationRequest,
    cookie: string | undefined,
  ): Promise<Answer> => {
    const challenge = checkRequest(client, request);
    const { selector, upstream } = await chosenSelector(client, request, tenants);
    const secret: FlowSecret = { flow: random(16), verifier: random(32) };
    const state: FlowState = {
      flow: secret.flow,
      ...sealedClient(client),
      redirectUri,
      selector,
      state: request.state,
      challenge,
    };
    const query = new URLSearchParams({
      ...hintsOf(request),
      ...upstream,
      client_id: workos.clientId,
      redirect_uri: `${publicUrl}/sso/callback`,
      response_type: 'code',
      state: sealer.seal('state', state, FLOW_SECONDS),
      code_challenge: challengeOf(secret.verifier),
      code_challenge_method: 'S256',
    });
    return {
      status: 302,
      redirect: new Secret(`${workos.baseUrl.origin}/sso/authorize?${query.toString()}`),
      setCookie: cookies.begin(secret.flow, sealer.seal('flow', secret, FLOW_SECONDS), cookie),
    };
  };

  return {
    /** @throws Problem `unknown-client`, `unregistered-redirect-uri`: pages, for a redirect might lead anywhere */
    async start(
      given: AuthorizationRequest,
      doubled: readonly string[],
      cookie: string | undefined,
    ): Promise<Answer> {
      const request = withoutEmpty(given);
      const { client_id: id = '', redirect_uri: redirectUri = '' } = request;
      const client = ClientId.safeParse(id).success ? await clients.byId(id) : undefined;
      if (!client || client.disabled)
        throw new Problem('unknown-client', 'There is no such client.');
      if (!isRegistered(client, redirectUri)) throw unregistered();
      try {
        refuseDoubled(doubled);
        return await begin(client, redirectUri, request, cookie);
      } catch (error) {
        if (!(error instanceof AuthorizationError)) throw error;
        const { code, message } = error;
        return backWithError(redirectUri, code, message, stateOf(request), publicUrl);
      }
    },

    /** The same checks for a caller who can read a problem. @throws AuthorizationError, Problem */
    async check(client: Client, request: AuthorizationRequest): Promise<void> {
      if (!isRegistered(client, request.redirect_uri ?? '')) throw unregistered();
      checkRequest(client, { ...request, response_type: 'code' });
      await chosenSelector(client, request, tenants);
    },
  };
}

/** RFC 9207: `iss` tells the sibling whose answer it is. */
export const backWithError = (
  redirectUri: string,
  error: string,
  description: string,
  state: string | undefined,
  iss: string,
): RedirectAnswer => ({
  status: 302,
  redirect: new Secret(
    withParameters(redirectUri, { error, error_description: description, state, iss }),
  ),
});

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');

const unregistered = () =>
  new Problem('unregistered-redirect-uri', 'The redirect URI is not one of the client’s.');

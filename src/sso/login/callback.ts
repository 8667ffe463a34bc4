import type { Answer } from '../../http/answer.ts';
import { refusePrefetch } from '../../http/navigation.ts';
import type { InputOf } from '../../http/endpoint.ts';
import type { FindClient, Occurrence, RecordOccurrence } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import { isRegisteredRedirect } from '../../core/redirect-uri.ts';
import { Secret } from '../../core/secret.ts';
import { redirectWithError } from './authorize.ts';
import { verifierOf } from '../protocol/browser-flow.ts';
import {
  CODE_SECONDS,
  isSealedClient,
  withParameters,
  type FlowState,
  type MagicState,
  type SealedCode,
} from '../protocol/flow.ts';
import type { FlowCookies } from '../protocol/flow-cookie.ts';
import { namedBy } from '../protocol/login-target.ts';
import type { ssoContract } from '../protocol/contract.ts';
import { callbackError, cleanDescription } from './callback-error.ts';
import type { IdpInitiated } from './idp-initiated.ts';
import type { TokenSealer, TokenTimes } from '../../core/encryption.ts';

export interface CallbackDeps {
  readonly findClient: FindClient;
  readonly sealer: TokenSealer;
  readonly cookies: FlowCookies;
  readonly idpInitiated: IdpInitiated;
  readonly publicUrl: string;
  readonly recordOccurrence: RecordOccurrence;
}

type CallbackInput = InputOf<typeof ssoContract, 'callbackSso'>;

/** A login in progress, read from its sealed state. */
interface OpenLogin {
  readonly state: MagicState & TokenTimes;
  readonly challenge?: string | undefined;
  readonly verifier?: string;
  /** Undefined for a magic link, which any browser may open. */
  readonly flow?: string;
}

/** Error codes of WorkOS and OAuth that are passed on; any other becomes `server_error`. */
const ERROR_CODE = /^[a-z][a-z0-9_]{0,63}$/;

export type Callback = ReturnType<typeof createCallback>;

/** GET /sso/callback: redirects the browser that began the login to the client, with a code of Gatehouse. */
export function createCallback({
  findClient,
  sealer,
  cookies,
  idpInitiated,
  publicUrl,
  recordOccurrence,
}: CallbackDeps) {
  const record = (
    { selector, client }: MagicState,
    { operation, requestId }: CallbackInput['actor'],
    what: Pick<Occurrence, 'outcome' | 'reason' | 'said'>,
  ): void => {
    recordOccurrence({ ...namedBy(selector), clientId: client, operation, requestId, ...what });
  };

  const openState = (sealed: string, { headers, actor }: CallbackInput): OpenLogin => {
    const magic = sealer.open<MagicState>('magic', sealed);
    if (magic) return { state: magic };
    const state = sealer.open<FlowState>('state', sealed);
    const verifier = state && verifierOf({ sealer, cookies }, state.flow, headers.cookie);
    if (state && verifier !== undefined)
      return { state, challenge: state.challenge, verifier, flow: state.flow };
    const refused =
      state ??
      sealer.openExpired<FlowState>('state', sealed) ??
      sealer.openExpired<MagicState>('magic', sealed);
    if (refused) record(refused, actor, { outcome: 'refused', reason: 'login_expired' });
    throw expired();
  };

  const redirectToClient = (
    { state, challenge, verifier }: OpenLogin,
    query: CallbackInput['query'],
  ) => {
    const { client, generation, redirectUri, selector } = state;
    const refuse = (error: string, description: string) =>
      redirectWithError(redirectUri, error, description, state.state, publicUrl);
    const { error, error_description: description, code } = query;
    if (error !== undefined)
      return refuse(ERROR_CODE.test(error) ? error : 'server_error', descriptionOf(description));
    if (!code) return refuse('server_error', 'WorkOS sent neither a code nor an error.');
    const sealed: SealedCode = {
      ...{ code, verifier, client, generation },
      ...{ redirectUri, selector, challenge, begunAt: state.iat },
    };
    const ownCode = sealer.seal('code', sealed, CODE_SECONDS);
    const answer = { code: ownCode, state: state.state, iss: publicUrl };
    return { status: 302, redirect: new Secret(withParameters(redirectUri, answer)) } as const;
  };

  return {
    /** An invalid state never leads to a redirect and spends no code. @throws Problem `login-expired`, `navigation-required` */
    async receive(input: CallbackInput): Promise<Answer> {
      const { query, headers } = input;
      const { cookie } = headers;
      refusePrefetch(headers);
      if (query.state === undefined) return idpInitiated.redirectToClient(input);
      const login = openState(query.state, input);
      const { state, flow } = login;
      const client = await findClient(state.client);
      // The registration may have changed while the user was away.
      const isSame = client && isSealedClient(client, state) && !client.disabled;
      if (!isSame || !isRegisteredRedirect(client, state.redirectUri)) throw expired();
      const answer = redirectToClient(login, query);
      record(state, input.actor, outcomeOf(query));
      return flow === undefined ? answer : { ...answer, setCookie: cookies.end(flow, cookie) };
    },
  };
}

/** How WorkOS sent the browser back, for the timeline. */
function outcomeOf({
  error,
  error_description: description,
  code,
}: CallbackInput['query']): Pick<Occurrence, 'outcome' | 'reason' | 'said'> {
  if (error === undefined)
    return code ? { outcome: 'returned' } : { outcome: 'failed', reason: 'server_error' };
  return { outcome: 'failed', ...callbackError(error, description) };
}

const expired = () =>
  new Problem(
    'login-expired',
    'The sign-in took too long, was finished before, or began in another browser.',
  );

const descriptionOf = (text = ''): string =>
  cleanDescription(text) || 'The identity provider refused.';

import type { Answer } from '../http/answer.ts';
import type { Client } from '../identity.ts';
import { Problem } from '../problem.ts';
import { Secret } from '../secret.ts';
import { backWithError } from './authorize.ts';
import {
  isRegistered,
  withParameters,
  type FlowSecret,
  type FlowState,
  type SealedCode,
} from './flow.ts';
import type { FlowCookies } from './flow-cookie.ts';
import type { IdpInitiated } from './idp-initiated.ts';
import type { Sealer } from './sealed.ts';

export interface CallbackDeps {
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly sealer: Sealer;
  readonly cookies: FlowCookies;
  readonly idpInitiated: IdpInitiated;
  readonly publicUrl: string;
}

export interface CallbackRequest {
  readonly query: Readonly<Record<string, unknown>>;
  readonly cookie: string | undefined;
  readonly address: string;
  readonly requestId: string;
}

const CODE_SECONDS = 600;
/** Of WorkOS's and OAuth's codes; anything else is told as a fault of the server. */
const ERROR_CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** Where WorkOS leads back to: hands the sibling a code of ours, in the browser that began. */
export function createCallback({
  clients,
  sealer,
  cookies,
  idpInitiated,
  publicUrl,
}: CallbackDeps) {
  const opened = async (sealed: string, cookie: string | undefined) => {
    const state = await sealer.open<FlowState>('state', sealed);
    const value = state && cookies.valueOf(state.flow, cookie);
    const secret = value && (await sealer.open<FlowSecret>('flow', value));
    if (!state || !secret || secret.flow !== state.flow) throw expired();
    return { state, secret };
  };

  const onward = async (
    state: FlowState,
    secret: FlowSecret,
    query: CallbackRequest['query'],
  ): Promise<Answer> => {
    const { error, code } = query;
    if (typeof error === 'string') {
      const known = ERROR_CODE.test(error) ? error : 'server_error';
      return backWithError(
        state.redirectUri,
        known,
        descriptionOf(query['error_description']),
        state.state,
        publicUrl,
      );
    }
    if (typeof code !== 'string' || code === '') {
      return backWithError(
        state.redirectUri,
        'server_error',
        'WorkOS sent neither a code nor an error.',
        state.state,
        publicUrl,
      );
    }
    const { client, redirectUri, selector, challenge } = state;
    const sealed: SealedCode = {
      code,
      verifier: secret.verifier,
      client,
      redirectUri,
      selector,
      challenge,
    };
    const own = await sealer.seal('code', sealed, CODE_SECONDS);
    return {
      status: 302,
      redirect: new Secret(
        withParameters(redirectUri, { code: own, state: state.state, iss: publicUrl }),
      ),
    };
  };

  return {
    /** A state that is not good is never followed, and spends nothing. @throws Problem `login-expired` */
    async receive({ query, cookie, address, requestId }: CallbackRequest): Promise<Answer> {
      if (query['state'] === undefined)
        return idpInitiated.bounce({ query, cookie, address, requestId });
      const { state, secret } = await opened(String(query['state']), cookie);
      const client = await clients.byId(state.client);
      // The registration may have changed while the user was away.
      if (!client || client.disabled || !isRegistered(client, state.redirectUri)) throw expired();
      const answer = await onward(state, secret, query);
      return 'redirect' in answer
        ? { ...answer, setCookie: cookies.end(state.flow, cookie) }
        : answer;
    },
  };
}

const expired = () =>
  new Problem(
    'login-expired',
    'The sign-in took too long, was finished before, or began in another browser.',
  );

/** For developers; printable ASCII as RFC 6749 §4.1.2.1 has it. */
const descriptionOf = (text: unknown): string =>
  (typeof text === 'string' ? text : '')
    .replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')
    .slice(0, 300) || 'The identity provider refused.';

import type { Answer } from '../../http/answer.ts';
import { refusePrefetch } from '../../http/navigation.ts';
import type { Client } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { Secret } from '../../core/secret.ts';
import { backWithError } from './authorize.ts';
import {
  CODE_SECONDS,
  isRegistered,
  isSealedClient,
  withParameters,
  type FlowSecret,
  type FlowState,
  type MagicState,
  type SealedCode,
} from '../protocol/flow.ts';
import type { FlowCookies } from '../protocol/flow-cookie.ts';
import type { CallbackRequest } from './callback-request.ts';
import type { IdpInitiated } from './idp-initiated.ts';
import type { TokenSealer, TokenTimes } from '../../core/encryption.ts';

export interface CallbackDeps {
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly sealer: TokenSealer;
  readonly cookies: FlowCookies;
  readonly idpInitiated: IdpInitiated;
  readonly publicUrl: string;
}

/** A login under way, as its state tells. */
interface Opened {
  readonly state: MagicState & TokenTimes;
  readonly challenge?: string | undefined;
  readonly verifier?: string;
  /** Undefined: a magic link, which is bound to no browser. */
  readonly flow?: string;
}
/** Error codes of WorkOS and OAuth that are passed on; any other becomes `server_error`. */
const ERROR_CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** GET /sso/callback: gives the client a code of ours, in the browser that began the login. */
export function createCallback({
  clients,
  sealer,
  cookies,
  idpInitiated,
  publicUrl,
}: CallbackDeps) {
  const opened = (sealed: string, cookie: string | undefined): Opened => {
    const magic = sealer.open<MagicState>('magic', sealed);
    if (magic) return { state: magic };
    const state = sealer.open<FlowState>('state', sealed);
    const value = state && cookies.valueOf(state.flow, cookie);
    const secret = value && sealer.open<FlowSecret>('flow', value);
    if (!state || !secret || secret.flow !== state.flow) throw expired();
    return { state, challenge: state.challenge, verifier: secret.verifier, flow: state.flow };
  };

  const onward = ({ state, challenge, verifier }: Opened, query: CallbackRequest['query']) => {
    const { client, generation, redirectUri, selector } = state;
    const refuse = (error: string, description: string) =>
      backWithError(redirectUri, error, description, state.state, publicUrl);
    const { error, error_description: description, code } = query;
    if (error !== undefined)
      return refuse(ERROR_CODE.test(error) ? error : 'server_error', descriptionOf(description));
    if (!code) return refuse('server_error', 'WorkOS sent neither a code nor an error.');
    const sealed: SealedCode = {
      ...{ code, verifier, client, generation },
      ...{ redirectUri, selector, challenge, begunAt: state.iat },
    };
    const own = sealer.seal('code', sealed, CODE_SECONDS);
    const answer = { code: own, state: state.state, iss: publicUrl };
    return { status: 302, redirect: new Secret(withParameters(redirectUri, answer)) } as const;
  };

  return {
    /** A state that is not good is never followed, and spends nothing. @throws Problem `login-expired`, `navigation-required` */
    async receive(request: CallbackRequest): Promise<Answer> {
      const { query, headers } = request;
      const { cookie } = headers;
      refusePrefetch(headers);
      if (query.state === undefined) return idpInitiated.bounce(request);
      const begun = opened(query.state, cookie);
      const { state, flow } = begun;
      const client = await clients.byId(state.client);
      // The registration may have changed while the user was away.
      const isSame = client && isSealedClient(client, state) && !client.disabled;
      if (!isSame || !isRegistered(client, state.redirectUri)) throw expired();
      const answer = onward(begun, query);
      return flow === undefined ? answer : { ...answer, setCookie: cookies.end(flow, cookie) };
    },
  };
}

const expired = () =>
  new Problem(
    'login-expired',
    'The sign-in took too long, was finished before, or began in another browser.',
  );

/** For developers; printable ASCII as RFC 6749 §4.1.2.1 has it, and no organization id. */
const descriptionOf = (text = ''): string =>
  text
    .replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, ' ')
    .replaceAll(/\borg_\w+/g, 'the organization')
    .slice(0, 300) || 'The identity provider refused.';

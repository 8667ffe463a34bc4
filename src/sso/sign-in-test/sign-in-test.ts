/**
 * A login that signs nobody in: the IT admin of a tenant tries a connection, and sees what comes back.
 * The profile is sent to nobody else and not stored.
 */
import type { Actor } from '../../core/identity.ts';
import type { Language } from '../../core/languages.ts';
import type { RecordOccurrence } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { refusePrefetch } from '../../http/navigation.ts';
import { cleanedError } from '../login/callback-error.ts';
import { beginFlow, verifierOf, type BrowserFlowDeps } from '../protocol/browser-flow.ts';
import type { ssoContract } from '../protocol/contract.ts';
import type { TestedSignIn } from './read-result.ts';

export interface SignInTestDeps extends BrowserFlowDeps {
  readonly recordOccurrence: RecordOccurrence;
}

/** A test of a connection, begun on a setup page. */
export interface SignInTest {
  /** The launch of the setup page, which is where the result is shown. */
  readonly launchId: string;
  readonly connectionId: string;
  readonly lang: Language | undefined;
}

/** Sealed into the `state` sent to WorkOS. */
interface TestState extends SignInTest {
  readonly flow: string;
  readonly client: string | undefined;
}

/** How long the result may be fetched after WorkOS sent the browser back. */
const RESULT_SECONDS = 300;

type CallbackInput = InputOf<typeof ssoContract, 'callbackSso'>;

export type SignInTests = ReturnType<typeof createSignInTests>;

export const createSignInTests = (deps: SignInTestDeps) => ({
  /** Sends the browser to sign in. The caller has checked that the IT admin may do so. */
  begin(test: SignInTest, { client, operation, requestId }: Actor, cookie: string | undefined) {
    const state: Omit<TestState, 'flow'> = { ...test, client: client?.id };
    const parameters = { connection: test.connectionId };
    const answer = beginFlow(deps, { kind: 'test', state, parameters, cookie });
    deps.recordOccurrence({
      connectionId: test.connectionId,
      operation,
      outcome: 'started',
      clientId: client?.id,
      requestId,
    });
    return answer;
  },

  /**
   * Leads a browser that comes back from a test to its setup page, where the code is exchanged.
   *
   * @returns undefined if the callback is of no test
   */
  receive({ query, headers, actor }: CallbackInput): Answer | undefined {
    const { sealer, cookies, publicUrl, recordOccurrence } = deps;
    const state = sealer.open<TestState>('test', query.state ?? '');
    if (!state) return undefined;
    refusePrefetch(headers);
    const page = `${publicUrl}/setup/${state.launchId}`;
    const verifier = verifierOf(deps, state.flow, headers.cookie);
    if (verifier === undefined)
      return {
        status: 302,
        redirect: new Secret(`${page}${state.lang ? `?lang=${state.lang}` : ''}`),
      };
    const { launchId, connectionId, iat, flow, lang, client: clientId } = state;
    const result = resultOf(query, verifier);
    recordOccurrence({
      ...{ connectionId, operation: actor.operation, clientId, requestId: actor.requestId },
      ...('code' in result
        ? { outcome: 'returned' }
        : { outcome: 'failed', reason: result.reason, said: result.said }),
    });
    const tested: TestedSignIn = { launchId, connectionId, begunAt: iat, result };
    const token = sealer.seal('tested', tested, RESULT_SECONDS);
    const address = new URLSearchParams({ token, ...(lang && { lang }) });
    return {
      status: 302,
      redirect: new Secret(`${page}/sign-in-test/result?${address.toString()}`),
      setCookie: cookies.end(flow, headers.cookie),
    };
  },
});

function resultOf(query: CallbackInput['query'], verifier: string): TestedSignIn['result'] {
  const { error, error_description: said, code } = query;
  if (error === undefined && code) return { code, verifier };
  return cleanedError(error, said);
}

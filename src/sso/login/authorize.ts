import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import type { Client } from '../../core/identity.ts';
import type { FindClient, FindTenant, RecordOccurrence } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import { isRegisteredRedirect } from '../../core/redirect-uri.ts';
import { Secret } from '../../core/secret.ts';
import { ClientId } from '../../core/wire-ids.ts';
import {
  AuthorizationError,
  checkRequest,
  hintsOf,
  refuseFaults,
  stateOf,
  withoutEmpty,
  type AuthorizationRequest,
} from '../protocol/authorization-request.ts';
import { beginFlow, type BrowserFlowDeps } from '../protocol/browser-flow.ts';
import { sealedClient, withParameters, type FlowState } from '../protocol/flow.ts';
import type { ssoContract } from '../protocol/contract.ts';
import { createRefusalRecorder } from './record-refusal.ts';
import { namedBy, resolveLoginTarget } from '../protocol/login-target.ts';

export interface AuthorizeDeps extends BrowserFlowDeps {
  readonly findClient: FindClient;
  readonly findTenant: FindTenant;
  readonly recordOccurrence: RecordOccurrence;
}

type AuthorizeInput = InputOf<typeof ssoContract, 'authorizeSso'>;
type RedirectAnswer = Extract<Answer, { redirect: unknown }>;

export type Authorize = ReturnType<typeof createAuthorize>;

/** GET /sso/authorize: begins a login. Makes no call and stores nothing; the login's state is sealed into `state` and a cookie. */
export function createAuthorize(deps: AuthorizeDeps) {
  const { findClient, findTenant, publicUrl, recordOccurrence } = deps;
  const recordRefusal = createRefusalRecorder(deps);

  const begin = async (
    client: Client,
    redirectUri: string,
    request: AuthorizationRequest,
    { actor, headers }: AuthorizeInput,
  ): Promise<Answer> => {
    const challenge = checkRequest(client, request);
    const { target, upstream } = await resolveLoginTarget(client, request, findTenant);
    const state: Omit<FlowState, 'flow'> = {
      ...sealedClient(client),
      redirectUri,
      selector: target,
      state: request.state,
      challenge,
    };
    const parameters = { ...hintsOf(request), ...upstream };
    const answer = beginFlow(deps, { kind: 'state', state, parameters, cookie: headers.cookie });
    recordOccurrence({
      ...namedBy(target),
      operation: actor.operation,
      outcome: 'started',
      clientId: client.id,
      requestId: actor.requestId,
    });
    return answer;
  };

  return {
    /**
     * Every other error is sent to the redirect URI.
     *
     * @throws Problem `unknown-client`, `unregistered-redirect-uri`: shown as a page, because the redirect URI cannot be trusted
     */
    async start(input: AuthorizeInput): Promise<Answer> {
      // The cast is safe: every value of a query is text.
      const request = withoutEmpty(input.query as AuthorizationRequest);
      const { client_id: id = '', redirect_uri: redirectUri = '' } = request;
      const client = ClientId.safeParse(id).success ? await findClient(id) : undefined;
      if (!client || client.disabled) {
        await recordRefusal(request, client, 'unknown_client', input.actor);
        throw new Problem('unknown-client', 'There is no such client.');
      }
      if (!isRegisteredRedirect(client, redirectUri)) {
        await recordRefusal(request, client, 'unregistered_redirect_uri', input.actor);
        throw unregistered();
      }
      try {
        refuseFaults(input.faults);
        return await begin(client, redirectUri, request, input);
      } catch (error) {
        if (!(error instanceof AuthorizationError)) throw error;
        const { code, message } = error;
        await recordRefusal(request, client, code, input.actor);
        return redirectWithError(redirectUri, code, message, stateOf(request), publicUrl);
      }
    },

    /** Makes the same checks without beginning a login. @throws AuthorizationError, Problem `unregistered-redirect-uri` */
    async check(client: Client, request: AuthorizationRequest): Promise<void> {
      if (!isRegisteredRedirect(client, request.redirect_uri ?? '')) throw unregistered();
      checkRequest(client, { ...request, response_type: 'code' });
      await resolveLoginTarget(client, request, findTenant);
    },
  };
}

/** Redirects to the client with an error. `iss` names the authorization server (RFC 9207). */
export const redirectWithError = (
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

const unregistered = () =>
  new Problem('unregistered-redirect-uri', 'The redirect URI is not one of the client’s.');

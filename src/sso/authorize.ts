import { randomBytes } from 'node:crypto';
import type { Answer } from '../http/answer.ts';
import {
  hasScope,
  mayUseEveryTenant,
  mayUseTenant,
  type Client,
  type Tenant,
} from '../identity.ts';
import { Problem } from '../problem.ts';
import { Secret } from '../secret.ts';
import {
  challengeOf,
  isRegistered,
  withParameters,
  type FlowSecret,
  type FlowState,
  type Selector,
} from './flow.ts';
import type { FlowCookies } from './flow-cookie.ts';
import type { Sealer } from './sealed.ts';

/** As it came in the query; everything is checked here. */
export type AuthorizationRequest = Readonly<Record<string, string | undefined>>;

export interface AuthorizeDeps {
  readonly clients: { byId(id: string): Promise<Client | undefined> };
  readonly tenants: { find(tenantId: string): Promise<Tenant | undefined> };
  readonly sealer: Sealer;
  readonly cookies: FlowCookies;
  readonly workos: { readonly baseUrl: URL; readonly clientId: string };
  readonly publicUrl: string;
}

/** A fault that the sibling is told of, at its redirect URI (RFC 6749 §4.1.2.1, and WorkOS's codes). */
export class AuthorizationError extends Error {
  override readonly name = 'AuthorizationError';
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}

const FLOW_SECONDS = 600;
/** Passed on to WorkOS as they are. */
const HINTS = ['login_hint', 'domain_hint', 'nonce', 'prompt', 'provider_scopes'] as const;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

export type Authorize = ReturnType<typeof createAuthorize>;

/** The beginning of a login. Makes no call and stores nothing: what it knows travels sealed. */
export function createAuthorize({
  clients,
  tenants,
  sealer,
  cookies,
  workos,
  publicUrl,
}: AuthorizeDeps) {
  const begin = async (
    client: Client,
    redirectUri: string,
    request: AuthorizationRequest,
    cookie: string | undefined,
  ): Promise<Answer> => {
    const { selector, upstream } = await checkedSelector(client, request, tenants);
    const challenge = checkedRequest(client, request);
    const flow = randomBytes(16).toString('base64url');
    const verifier = randomBytes(32).toString('base64url');
    const state: FlowState = {
      flow,
      client: client.id,
      redirectUri,
      selector,
      state: request['state'],
      challenge,
    };
    const secret: FlowSecret = { flow, verifier };
    const [sealedState, sealedSecret] = await Promise.all([
      sealer.seal('state', state, FLOW_SECONDS),
      sealer.seal('flow', secret, FLOW_SECONDS),
    ]);
    const query = new URLSearchParams({
      client_id: workos.clientId,
      redirect_uri: `${publicUrl}/sso/callback`,
      response_type: 'code',
      state: sealedState,
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
      ...upstream,
      ...hintsOf(request),
    });
    return {
      status: 302,
      redirect: new Secret(`${workos.baseUrl.origin}/sso/authorize?${query.toString()}`),
      setCookie: cookies.begin(flow, sealedSecret, cookie),
    };
  };

  return {
    /** @throws Problem `unknown-client`, `unregistered-redirect-uri`: pages, for a redirect might lead anywhere */
    async start(request: AuthorizationRequest, cookie: string | undefined): Promise<Answer> {
      const client = await clients.byId(request['client_id'] ?? '');
      if (!client || client.disabled)
        throw new Problem('unknown-client', 'There is no such client.');
      const redirectUri = request['redirect_uri'] ?? '';
      if (!isRegistered(client, redirectUri)) throw unregistered();
      try {
        return await begin(client, redirectUri, request, cookie);
      } catch (error) {
        if (!(error instanceof AuthorizationError)) throw error;
        return backWithError(
          redirectUri,
          error.code,
          error.message,
          boundedState(request['state']),
          publicUrl,
        );
      }
    },

    /** The same checks for a caller who can read a problem. @throws AuthorizationError, Problem */
    async check(client: Client, request: AuthorizationRequest): Promise<void> {
      if (!isRegistered(client, request['redirect_uri'] ?? '')) throw unregistered();
      await checkedSelector(client, request, tenants);
      checkedRequest(client, { response_type: 'code', ...request });
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
): Answer => ({
  status: 302,
  redirect: new Secret(
    withParameters(redirectUri, { error, error_description: description, state, iss }),
  ),
});

const unregistered = () =>
  new Problem('unregistered-redirect-uri', 'The redirect URI is not one of the client’s.');

const MAX_STATE = 1_024;
const boundedState = (state: string | undefined) =>
  state !== undefined && state.length <= MAX_STATE ? state : undefined;

/** @returns the sibling's PKCE challenge, if it sent one. @throws AuthorizationError */
function checkedRequest(client: Client, request: AuthorizationRequest): string | undefined {
  if (!hasScope(client, 'sso:login'))
    throw new AuthorizationError('unauthorized_client', 'The client lacks the scope sso:login.');
  if (request['response_type'] !== 'code')
    throw new AuthorizationError('unsupported_response_type', 'response_type must be code.');
  if ((request['state'] ?? '').length > MAX_STATE)
    throw new AuthorizationError('invalid_request', 'state may have 1,024 characters.');
  const { code_challenge: challenge, code_challenge_method: method } = request;
  if (challenge === undefined && method === undefined) return undefined;
  // `plain`, and the absent method that means it, would give the verifier away (RFC 9700 §2.1.1).
  if (method !== 'S256' || challenge === undefined || !CHALLENGE.test(challenge)) {
    throw new AuthorizationError(
      'invalid_request',
      'PKCE needs code_challenge_method S256 and a code_challenge of 43 characters.',
    );
  }
  return challenge;
}

interface Checked {
  readonly selector: Selector;
  readonly upstream: Record<string, string>;
}

/** @throws AuthorizationError */
async function checkedSelector(
  client: Client,
  request: AuthorizationRequest,
  tenants: AuthorizeDeps['tenants'],
): Promise<Checked> {
  const { organization, connection, provider } = request;
  if ([organization, connection, provider].filter((value) => value !== undefined).length !== 1) {
    throw new AuthorizationError(
      'invalid_request',
      'Exactly one of organization, connection and provider is needed.',
    );
  }
  if (organization !== undefined) {
    const tenant = mayUseTenant(client, organization)
      ? await tenants.find(organization)
      : undefined;
    if (tenant?.status !== 'active' || tenant.organizationId === null) {
      throw new AuthorizationError(
        'organization_invalid',
        'There is no such tenant for this client, or it is not active.',
      );
    }
    return { selector: { organization }, upstream: { organization: tenant.organizationId } };
  }
  if (connection !== undefined) {
    if (!/^[\x21-\x7e]{1,100}$/.test(connection))
      throw new AuthorizationError('connection_invalid', 'connection is not a connection id.');
    return { selector: { connection }, upstream: { connection } };
  }
  if (!mayUseEveryTenant(client))
    throw new AuthorizationError(
      'unauthorized_client',
      'A provider’s login belongs to no tenant: only clients with * may begin one.',
    );
  if (provider === undefined || !/^[A-Za-z]{1,64}$/.test(provider))
    throw new AuthorizationError('invalid_request', 'provider is not a provider.');
  return { selector: { provider }, upstream: { provider } };
}

function hintsOf(request: AuthorizationRequest): Record<string, string> {
  const hints = Object.entries(request).filter(
    ([name, value]) =>
      value !== undefined &&
      ((HINTS as readonly string[]).includes(name) ||
        /^provider_query_params\[[\w.-]{1,64}\]$/.test(name)),
  );
  return Object.fromEntries(hints) as Record<string, string>;
}

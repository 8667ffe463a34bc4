import { z } from 'zod';
import { hasScope, type Client } from '../../core/identity.ts';
import type { FieldError } from '../../core/problem.ts';
import { CHALLENGE, MAX_STATE_BYTES } from './authorization-schemas.ts';
import { readWritten } from './written-values.ts';

/** The query of an authorization request. It is validated here and in `login-target.ts`. */
export type AuthorizationRequest = Readonly<Record<string, string | undefined>>;

/** An error that is sent to the client's redirect URI (RFC 6749 §4.1.2.1, plus WorkOS's codes). */
export class AuthorizationError extends Error {
  override readonly name = 'AuthorizationError';
  readonly code: string;
  /** The parameter at fault. */
  readonly field: string;

  constructor(code: string, field: string, description: string) {
    super(description);
    this.code = code;
    this.field = field;
  }
}

/** Parameters that are passed on to WorkOS unchanged. */
const HINTS = ['login_hint', 'domain_hint', 'nonce', 'prompt', 'provider_scopes'];

/** RFC 6749 §3.1: a parameter without a value counts as omitted. */
export const withoutEmpty = (request: AuthorizationRequest): AuthorizationRequest =>
  Object.fromEntries(Object.entries(request).filter(([, value]) => value !== ''));

/** RFC 6749 §3.1: no parameter may appear twice. @throws AuthorizationError about the first fault */
export function refuseFaults([fault]: readonly FieldError[]): void {
  if (fault === undefined) return;
  const named = /^[\w.[\]-]{1,64}$/.test(fault.field) ? fault.field : 'A parameter';
  throw new AuthorizationError('invalid_request', named, `${named} ${fault.message}.`);
}

/** Returns the client's own `state`, or undefined if it is missing or too long to send back. */
export const stateOf = ({ state }: AuthorizationRequest): string | undefined =>
  state !== undefined && Buffer.byteLength(state) <= MAX_STATE_BYTES ? state : undefined;

/** @returns the client's PKCE challenge, or undefined if it sent none. @throws AuthorizationError */
export function checkRequest(client: Client, request: AuthorizationRequest): string | undefined {
  if (!hasScope(client, 'sso:login'))
    throw new AuthorizationError(
      'unauthorized_client',
      'client_id',
      'The client lacks the scope sso:login.',
    );
  if (request.response_type !== 'code')
    throw new AuthorizationError(
      'unsupported_response_type',
      'response_type',
      'response_type must be code.',
    );
  if (request.state !== undefined && stateOf(request) === undefined)
    throw new AuthorizationError('invalid_request', 'state', 'state may have at most 1,024 bytes.');
  return checkChallenge(request);
}

function checkChallenge(request: AuthorizationRequest): string | undefined {
  const { code_challenge: challenge, code_challenge_method: method } = request;
  if (challenge === undefined && method === undefined) return undefined;
  // `plain`, also the default without a method, would reveal the verifier (RFC 9700 §2.1.1).
  if (method !== 'S256' || challenge === undefined || !CHALLENGE.test(challenge))
    throw new AuthorizationError(
      'invalid_request',
      'code_challenge',
      'PKCE needs code_challenge_method S256 and a code_challenge of 43 characters.',
    );
  return challenge;
}

/** Returns the parameters to pass on to WorkOS. @throws AuthorizationError */
export const hintsOf = (request: AuthorizationRequest): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(request).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && HINTS.includes(entry[0]),
    ),
  ),
  ...providerScopes(request.provider_scopes),
  ...providerParameters(request.provider_query_params),
});

/** A list in one text, as Python's helper for PKCE writes it, becomes the usual one with commas. */
function providerScopes(text = ''): Record<string, string> {
  const scopes = z
    .array(z.string())
    .safeParse(text.startsWith('[') ? readWritten(text) : undefined);
  return scopes.success ? { provider_scopes: scopes.data.join(',') } : {};
}

const ProviderParameters = z.record(z.string().regex(/^[\w.-]{1,64}$/), z.string());

/** Writes the map as the specification does: `provider_query_params[key]=value`. */
function providerParameters(text: string | undefined): Record<string, string> {
  const parameters = ProviderParameters.safeParse(text === undefined ? {} : readWritten(text));
  if (!parameters.success)
    throw new AuthorizationError(
      'invalid_request',
      'provider_query_params',
      'provider_query_params must be a map of texts: provider_query_params[key]=value, or JSON.',
    );
  return Object.fromEntries(
    Object.entries(parameters.data).map(([key, value]) => [`provider_query_params[${key}]`, value]),
  );
}

import type { RateLimit } from './rate-limit.ts';

/**
 * Everything that can go wrong, in the caller's words: one line per problem.
 * `type` on the wire is `PUBLIC_URL/docs/problems#<slug>`, `code` is the slug in snake_case.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'The request could not be read' },
  'duplicate-header': { status: 400, title: 'A header that must stand alone was sent twice' },
  'invalid-idempotency-key': { status: 400, title: 'The Idempotency-Key is malformed' },
  'conflicting-user-headers': { status: 400, title: 'Two acting users were named' },
  unauthenticated: { status: 401, title: 'The calling client is not authenticated' },
  'invalid-signature': { status: 401, title: 'The delivery is not signed by WorkOS' },
  'invalid-user-token': { status: 401, title: 'The acting user’s token is not valid' },
  'insufficient-scope': { status: 403, title: 'The client lacks the scope of this operation' },
  'acting-user-required': { status: 403, title: 'This operation needs an acting user' },
  'it-admin-required': { status: 403, title: 'The acting user is not an IT admin of this tenant' },
  'every-tenant-required': { status: 403, title: 'The client may not use every tenant' },
  'user-is-shared': { status: 403, title: 'The user is also a member elsewhere' },
  'foreign-origin': { status: 403, title: 'Pages of other sites may not call this' },
  'navigation-required': { status: 403, title: 'This address is for a browser to open' },
  'not-found': { status: 404, title: 'No such resource' },
  'entity-not-found': { status: 404, title: 'No such object' },
  'tenant-not-found': { status: 404, title: 'No such tenant' },
  'method-not-allowed': { status: 405, title: 'The resource does not have this method' },
  'workos-conflict': { status: 409, title: 'It conflicts with what WorkOS has' },
  'duplicate-endpoint': { status: 409, title: 'The endpoint’s URL is taken' },
  'too-many-endpoints': { status: 409, title: 'The client has all the endpoints it may have' },
  'too-many-secrets': { status: 409, title: 'The endpoint has all the secrets it may have' },
  'endpoint-disabled': { status: 409, title: 'The endpoint is disabled' },
  'organization-missing': { status: 409, title: 'The organization is gone at WorkOS' },
  'organization-conflict': { status: 409, title: 'The organization is not ours to use' },
  'provisioning-in-progress': { status: 409, title: 'The tenant is being provisioned' },
  'tenant-not-active': { status: 409, title: 'The tenant cannot be used now' },
  'tenant-deleted': { status: 409, title: 'The tenant id belonged to a deleted tenant' },
  'idempotency-key-in-use': { status: 409, title: 'The first request with this key is not done' },
  'idempotent-replay': {
    status: 409,
    title: 'This was done already, and its answer cannot be shown again',
  },
  'launch-gone': { status: 410, title: 'The link was used, has expired or never existed' },
  'setup-page-closed': { status: 410, title: 'The setup page is not open in this browser' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body’s media type is not accepted' },
  'invalid-request': { status: 422, title: 'The request does not match the contract' },
  'organization-id-required': { status: 422, title: 'The list needs a tenant' },
  'workos-unprocessable': { status: 422, title: 'WorkOS does not accept what was given' },
  'invalid-url': { status: 422, title: 'Nothing may be sent to this URL' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key named another request' },
  'registry-grant-required': { status: 422, title: 'A long ticket needs a registry grant' },
  'workos-refused': { status: 400, title: 'WorkOS refuses what was given' },
  'external-id-already-used': { status: 400, title: 'There is such a tenant already' },
  'unknown-client': { status: 400, title: 'No such client' },
  'unregistered-redirect-uri': { status: 400, title: 'The redirect URI is not registered' },
  'login-expired': { status: 400, title: 'The sign-in took too long, or began elsewhere' },
  'login-not-here': { status: 404, title: 'The sign-in has to begin at the product' },
  'invalid-client': { status: 401, title: 'The client is not authenticated' },
  'invalid-access-token': { status: 401, title: 'The access token is not valid' },
  'invalid-grant': { status: 400, title: 'The code is not good, or not for this client' },
  'unauthorized-client': { status: 400, title: 'The client may not do this' },
  'connection-invalid': { status: 400, title: 'The connection cannot do this' },
  'unsupported-grant-type': { status: 400, title: 'Only authorization codes can be exchanged' },
  'workos-share-used': {
    status: 429,
    title: 'The client’s share of the requests to WorkOS is used up',
  },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  internal: { status: 500, title: 'Unexpected error' },
  'not-implemented': { status: 501, title: 'Gatehouse does not offer this WorkOS operation' },
  'upstream-rejected': { status: 502, title: 'WorkOS refused what Gatehouse asked' },
  'upstream-auth-failed': { status: 502, title: 'WorkOS refused Gatehouse’s key' },
  'upstream-forbidden': { status: 502, title: 'Gatehouse’s WorkOS key lacks a permission' },
  'upstream-error': { status: 502, title: 'WorkOS failed' },
  'upstream-unreachable': { status: 502, title: 'WorkOS could not be reached' },
  'upstream-invalid-response': { status: 502, title: 'WorkOS answered something unexpected' },
  'upstream-rate-limited': { status: 503, title: 'WorkOS’s rate limit is used up' },
  'upstream-unavailable': { status: 503, title: 'WorkOS is not available' },
  'provisioning-incomplete': { status: 503, title: 'The tenant is not provisioned to the end yet' },
  'dependency-unavailable': { status: 503, title: 'A dependency of Gatehouse is not available' },
  'dependency-timeout': { status: 503, title: 'The database did not answer in time' },
  'dependency-read-only': { status: 503, title: 'The database is read-only' },
  overloaded: { status: 503, title: 'Gatehouse is at its limit' },
  'upstream-timeout': { status: 504, title: 'WorkOS did not answer in time' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemSlug = keyof typeof PROBLEMS;

/** `tenant-not-found` → `tenant_not_found`, the form in which callers see it. */
export const codeOf = (slug: ProblemSlug): string => slug.replaceAll('-', '_');

/** Problems of every operation that calls WorkOS. */
export const UPSTREAM_PROBLEMS = [
  'upstream-rejected',
  'upstream-auth-failed',
  'upstream-forbidden',
  'upstream-error',
  'upstream-unreachable',
  'upstream-invalid-response',
  'upstream-rate-limited',
  'workos-share-used',
  'upstream-unavailable',
  'upstream-timeout',
  'overloaded',
] as const satisfies readonly ProblemSlug[];

/** One refused input: `field` as the caller wrote it (`domains.0.domain`), or a header's name (`idempotency-key`). */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** Problems of every operation whose input WorkOS validates. */
export const CALLER_PROBLEMS = [
  'workos-refused',
  'workos-conflict',
  'workos-unprocessable',
] as const satisfies readonly ProblemSlug[];

/** Problems of an operation on an object of WorkOS. */
export const OBJECT_PROBLEMS = [
  'not-found',
  ...CALLER_PROBLEMS,
  ...UPSTREAM_PROBLEMS,
] as const satisfies readonly ProblemSlug[];

/** Problems of a tenant that is known and cannot be used (`tenants/model/status.ts`). */
export const TENANT_PROBLEMS = [
  'tenant-not-active',
  'tenant-deleted',
  'provisioning-in-progress',
  'organization-missing',
  'organization-conflict',
] as const satisfies readonly ProblemSlug[];

export interface ProblemOptions extends ErrorOptions {
  /** WorkOS's error code, if it sent one. Default: the slug in snake_case. */
  readonly code?: string | undefined;
  readonly errors?: readonly FieldError[];
  /** Seconds until a retry makes sense. Every 503 has a default, which this overrides. */
  readonly retryAfter?: number;
  /** The limits that refused the request, for a 429. */
  readonly rateLimits?: readonly RateLimit[];
  /** The allowed methods, for a 405. */
  readonly allow?: readonly string[];
  /** Extension members of RFC 9457 §3.2, e.g. the id of the earlier result. */
  readonly members?: Readonly<Record<string, string>>;
}

/**
 * An error the caller is meant to see. Domain code throws it; only `http/problem-details.ts` writes
 * it to a response.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly slug: ProblemSlug;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | undefined;
  readonly rateLimits: readonly RateLimit[];
  readonly allow: readonly string[];
  readonly members: Readonly<Record<string, string>>;

  /** @param detail Shown to the caller: no secrets, no SQL, no text of WorkOS. */
  constructor(slug: ProblemSlug, detail: string, options: ProblemOptions = {}) {
    super(detail, options);
    this.slug = slug;
    this.code = options.code ?? codeOf(slug);
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
    this.rateLimits = options.rateLimits ?? [];
    this.allow = options.allow ?? [];
    this.members = options.members ?? {};
  }
}

/** An `invalid-request` problem about one field. */
export const invalidField = (field: string, code: string, message: string): Problem =>
  invalidFields([{ field, code, message }]);

/** An `invalid-request` problem about several fields; its detail is about the first one. */
export const invalidFields = (errors: readonly FieldError[]): Problem =>
  new Problem(
    'invalid-request',
    `${errors[0]?.field ?? 'body'}: ${errors[0]?.message ?? 'invalid'}`,
    { errors },
  );

import type { Endpoint } from '../http/endpoint.ts';
import type { ProblemSlug } from '../core/problem.ts';
import { takesIdempotencyKey } from './headers.ts';

const ALWAYS: readonly ProblemSlug[] = [
  'malformed-request',
  'duplicate-header',
  'internal',
  'dependency-unavailable',
  'dependency-timeout',
  'dependency-read-only',
  'overloaded',
];
const WITH_CLIENT: readonly ProblemSlug[] = [
  'unauthenticated',
  'invalid-user-token',
  'conflicting-user-headers',
  'insufficient-scope',
  'too-many-requests',
];
const WITH_BODY: readonly ProblemSlug[] = ['payload-too-large', 'unsupported-media-type'];
const WITH_KEY: readonly ProblemSlug[] = [
  'invalid-idempotency-key',
  'idempotency-key-in-use',
  'idempotency-key-reused',
];

/** The operation's own problems, and those that follow from its access and its input. */
export function problemsOf(endpoint: Endpoint): ProblemSlug[] {
  const { access, body, errors, params, query, reply } = endpoint;
  const demand = access === 'public' ? undefined : access;
  return [
    ...new Set<ProblemSlug>([
      ...ALWAYS,
      ...(demand ? WITH_CLIENT : []),
      ...(demand?.everyTenant ? (['every-tenant-required'] as const) : []),
      ...(demand?.tenant || demand?.tenantOf ? (['tenant-not-found'] as const) : []),
      ...(demand?.actingUser ? (['acting-user-required', 'it-admin-required'] as const) : []),
      ...(body ? WITH_BODY : []),
      ...(errors !== 'oauth' && (body || params || query) ? (['invalid-request'] as const) : []),
      ...(takesIdempotencyKey(endpoint) ? WITH_KEY : []),
      ...('secret' in reply && takesIdempotencyKey(endpoint)
        ? (['idempotent-replay'] as const)
        : []),
      ...endpoint.problems,
    ]),
  ];
}

import { isOfWorkos, type Endpoint } from '../http/endpoint.ts';
import type { ForwardedEndpoint } from '../pass-through/forwarding/forwarded-endpoint.ts';
import type { Demand } from '../http/guard.ts';
import { CALLER_PROBLEMS, TENANT_PROBLEMS, type ProblemSlug } from '../core/problem.ts';
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

const demands = (holds: (demand: Demand) => unknown) => (endpoint: Endpoint) =>
  typeof endpoint.access !== 'string' && Boolean(holds(endpoint.access));

/** A forwarded operation takes suspended tenants too, unless it `grants` access. */
const WITH_ORGANIZATION = TENANT_PROBLEMS.filter((slug) => slug !== 'tenant-not-active');

const forwards =
  (holds: (endpoint: ForwardedEndpoint) => unknown) =>
  (endpoint: Endpoint | ForwardedEndpoint): boolean =>
    'forward' in endpoint && Boolean(holds(endpoint));

/** Operations of WorkOS without fields refuse unknown ones that name an organization. */
function takesFields(endpoint: Endpoint): unknown {
  const { errors, body, params, query } = endpoint;
  return errors !== 'oauth' && (body ?? params ?? query ?? isOfWorkos(endpoint));
}

/** A repetition may get no answer: the first held a secret, or was lost after a POST was carried out. */
const mayBeLost = ({ method, reply, changesNothing }: Endpoint) =>
  'secret' in reply || (method === 'post' && !changesNothing);

/** Problems that follow from the access and the input of an operation. */
const RULES: readonly (readonly [(endpoint: Endpoint) => unknown, readonly ProblemSlug[]])[] = [
  [() => true, ALWAYS],
  [({ access }) => access === 'client', ['unauthenticated', 'too-many-requests']],
  [demands(() => true), WITH_CLIENT],
  [demands(({ everyTenant }) => everyTenant), ['every-tenant-required']],
  [demands(({ tenant, tenantOf }) => tenant ?? tenantOf), ['tenant-not-found']],
  // WorkOS's refusal is passed on, whatever the operation.
  [forwards(() => true), CALLER_PROBLEMS],
  [forwards(({ access }) => access.tenant), WITH_ORGANIZATION],
  [forwards(({ forward }) => forward.grants), ['tenant-not-active']],
  // The acting user's tenant, to which the new object belongs.
  [forwards(({ forward: { rule } }) => rule === 'new' || rule === 'email'), ['tenant-not-found']],
  [demands(({ actingUser }) => actingUser), ['acting-user-required', 'it-admin-required']],
  [({ body }) => body, WITH_BODY],
  [takesFields, ['invalid-request']],
  [takesIdempotencyKey, WITH_KEY],
  [(endpoint) => takesIdempotencyKey(endpoint) && mayBeLost(endpoint), ['idempotent-replay']],
];

/** The operation's own problems, and those that follow from its access and its input. */
export function problemsOf(endpoint: Endpoint): ProblemSlug[] {
  const following = RULES.flatMap(([holds, problems]) => (holds(endpoint) ? problems : []));
  return [...new Set([...following, ...endpoint.problems])];
}

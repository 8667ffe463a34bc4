import { Problem } from '../../core/problem.ts';
import type { Endpoint } from '../endpoint.ts';

/** Faults that the caller has to be told of: another kind of id, and a name for something new. */
const EXPLAINED: ReadonlySet<string> = new Set(['is_a_workos_id', 'invalid_name']);

/**
 * Turns the problem of a malformed id in a path into that of a missing object: WorkOS answers 404 for an
 * id that nothing can have, and callers of SDKs catch its class of error.
 */
export function asMissing(error: unknown, { access }: Endpoint): unknown {
  if (!(error instanceof Problem) || error.slug !== 'invalid-request') return error;
  if (error.errors.some(({ code }) => EXPLAINED.has(code))) return error;
  const isTenant = error.errors.some(({ field }) => tenantParameter(access) === `params.${field}`);
  const [slug, noun] = isTenant
    ? (['tenant-not-found', 'tenant'] as const)
    : (['not-found', 'object'] as const);
  return new Problem(slug, `There is no such ${noun}: ${error.message}.`);
}

const tenantParameter = (access: Endpoint['access']): string | undefined =>
  typeof access === 'string' ? undefined : access.tenant;

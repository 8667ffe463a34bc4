import { PROBLEMS, Problem, type ProblemSlug } from '../core/problem.ts';

/** OAuth error codes (RFC 6749 §5.2, plus server_error and temporarily_unavailable from §4.1.2.1). */
const ERRORS: Partial<Record<ProblemSlug, string>> = {
  'invalid-client': 'invalid_client',
  unauthenticated: 'invalid_client',
  'invalid-grant': 'invalid_grant',
  'unauthorized-client': 'unauthorized_client',
  'unsupported-grant-type': 'unsupported_grant_type',
};

/** Adds what OAuth clients read: `error`, `error_description`, and status 400 for a bad request. */
export function asOAuth(problem: Problem): Problem {
  const { slug, message, errors, retryAfter, rateLimits, allow, cause } = problem;
  return new Problem(slug === 'invalid-request' ? 'malformed-request' : slug, message, {
    errors,
    rateLimits,
    allow,
    cause,
    ...(retryAfter !== undefined && { retryAfter }),
    members: {
      ...problem.members,
      error: ERRORS[slug] ?? byStatus(PROBLEMS[slug].status),
      error_description: message,
    },
  });
}

const byStatus = (status: number): string => {
  if (status === 503 || status === 429) return 'temporarily_unavailable';
  return status >= 500 ? 'server_error' : 'invalid_request';
};

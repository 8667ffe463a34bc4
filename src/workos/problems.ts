import { Problem, type ProblemSlug } from '../core/problem.ts';
import { failureOf, type UpstreamFailure } from './failure.ts';
import { fieldErrors, textOf } from './refusals.ts';
import { holdSeconds, rateLimited } from './hold.ts';

const REFUSALS: Readonly<Record<number, ProblemSlug>> = {
  400: 'workos-refused',
  409: 'workos-conflict',
  422: 'workos-unprocessable',
};

/**
 * Translates WorkOS's refusal of values that the caller sent (a domain, a user's e-mail address,
 * metadata, a code), with its status, code and field names. Undefined for any other error.
 *
 * @param within the field of the request that WorkOS's paths are relative to
 * @param given the fields of the request's body
 */
export function aboutTheRequest(
  error: unknown,
  within?: string,
  given?: readonly string[],
): Problem | undefined {
  const facts = failureOf(error)?.facts ?? {};
  const { status = 0, code, fields = [] } = facts;
  const slug = REFUSALS[status];
  if (!slug) return undefined;
  const errors = fieldErrors(code, fields, within, given);
  return new Problem(slug, textOf(facts, errors), { code, errors, cause: error });
}

/**
 * Translates a failure of WorkOS for the caller of Gatehouse. WorkOS's 401, 403, 404 and 429 concern
 * Gatehouse, so the caller never gets these statuses, and none of WorkOS's text is passed on.
 */
export function fromWorkos(error: unknown): Problem | undefined {
  const failure = failureOf(error);
  if (!failure) return undefined;
  switch (failure.kind) {
    case 'timeout':
      return new Problem('upstream-timeout', 'WorkOS did not answer in time. Try again.', {
        cause: failure,
      });
    case 'unreachable':
      return new Problem('upstream-unreachable', 'WorkOS could not be reached. Try again.', {
        cause: failure,
      });
    case 'invalid-response':
      return new Problem(
        'upstream-invalid-response',
        failure.isTooLarge
          ? 'WorkOS’s reply is larger than Gatehouse reads: 16 MB for profiles, users, groups and lists, 256 KB for anything else.'
          : 'WorkOS answered something unexpected.',
        { cause: failure },
      );
    case 'no-room':
      return new Problem(
        'overloaded',
        'Gatehouse is reading too many large replies of WorkOS. Try again.',
        { cause: failure, retryAfter: 1 },
      );
    case 'status':
      return fromStatus(failure);
  }
}

/** The messages of these problems send callers to the platform team, who reads these instead. */
const FOR_PLATFORM_TEAM: Partial<Record<ProblemSlug, string>> = {
  'upstream-auth-failed': 'WorkOS refused WORKOS_API_KEY.',
  'upstream-forbidden': 'WORKOS_API_KEY may not do this at WorkOS.',
};

/** Returns the message of a problem for the platform team, as on the command line. */
export const forPlatformTeam = ({ slug, message }: Problem): string =>
  FOR_PLATFORM_TEAM[slug] ?? message;

function fromStatus(failure: UpstreamFailure): Problem {
  const { status = 0 } = failure.facts;
  if (status === 401)
    return new Problem(
      'upstream-auth-failed',
      'WorkOS refused Gatehouse’s key; the platform team has to act.',
      { cause: failure },
    );
  if (status === 403)
    return new Problem(
      'upstream-forbidden',
      'Gatehouse’s WorkOS key may not do this; the platform team has to act.',
      { cause: failure },
    );
  if (status === 429) return rateLimited(holdSeconds(failure), failure);
  if (status >= 500 || status === 408)
    return new Problem('upstream-error', 'WorkOS failed. Try again.', { cause: failure });
  return new Problem('upstream-rejected', 'WorkOS refused what Gatehouse asked.', {
    cause: failure,
  });
}

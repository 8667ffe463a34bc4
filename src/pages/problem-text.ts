/** Chooses the text of each problem for the person at the browser, who did not write the request. */
import type { ProblemSlug } from '../core/problem.ts';
import type { TextKey } from './texts/texts.ts';

/** Names of the texts: `other` for `problem.other.title` and `problem.other.next`. */
type Name = TextKey extends infer Key
  ? Key extends `problem.${infer Name}.title`
    ? Name
    : never
  : never;

export interface ProblemText {
  readonly name: Name;
  /** True if waiting may be enough. */
  readonly temporary?: true;
  /** True if only support can help. */
  readonly support?: true;
}

const OUR_MISTAKE = { name: 'ourMistake', support: true } as const;
const NEEDS_SUPPORT = { name: 'needsSupport', support: true } as const;
const SIGN_IN_ENDED = { name: 'signInEnded' } as const;
const SIGN_IN_ADDRESS = { name: 'signInAddress', support: true } as const;
const UNREADABLE = { name: 'unreadable' } as const;
const BEING_PREPARED = { name: 'preparing', temporary: true } as const;
const NOT_ANSWERING = { name: 'notAnswering', temporary: true } as const;
const UNAVAILABLE = { name: 'unavailable', temporary: true } as const;
const BUSY = { name: 'busy', temporary: true } as const;

/** The text of problems that browsers are not expected to meet. */
const OTHER: ProblemText = { name: 'other' };

const TEXTS: Partial<Record<ProblemSlug, ProblemText>> = {
  'launch-gone': { name: 'launchGone' },
  'setup-page-closed': { name: 'setupClosed' },
  'unknown-client': SIGN_IN_ADDRESS,
  'unregistered-redirect-uri': SIGN_IN_ADDRESS,
  'login-expired': { name: 'loginExpired' },
  'login-not-here': { name: 'loginNotHere' },
  'too-many-requests': { name: 'tooMany', temporary: true },
  'it-admin-required': { name: 'itAdminRequired' },
  'acting-user-required': { name: 'signInFirst' },
  'invalid-user-token': SIGN_IN_ENDED,
  unauthenticated: SIGN_IN_ENDED,
  'insufficient-scope': { name: 'scope', support: true },
  'navigation-required': { name: 'navigation' },
  'tenant-not-found': { name: 'tenantNotFound' },
  'tenant-not-active': { name: 'paused', support: true },
  'tenant-deleted': NEEDS_SUPPORT,
  'organization-missing': NEEDS_SUPPORT,
  'organization-conflict': NEEDS_SUPPORT,
  'provisioning-in-progress': BEING_PREPARED,
  'provisioning-incomplete': BEING_PREPARED,
  'registry-grant-required': { name: 'notOnList' },
  'upstream-rejected': OUR_MISTAKE,
  'upstream-auth-failed': OUR_MISTAKE,
  'upstream-forbidden': OUR_MISTAKE,
  'upstream-error': NOT_ANSWERING,
  'upstream-unreachable': NOT_ANSWERING,
  'upstream-invalid-response': NOT_ANSWERING,
  'upstream-unavailable': NOT_ANSWERING,
  'upstream-timeout': NOT_ANSWERING,
  'upstream-rate-limited': BUSY,
  'workos-share-used': BUSY,
  overloaded: BUSY,
  'dependency-unavailable': UNAVAILABLE,
  'dependency-timeout': UNAVAILABLE,
  'dependency-read-only': UNAVAILABLE,
  'method-not-allowed': { name: 'method' },
  'not-found': { name: 'notFound' },
  'invalid-request': { name: 'incomplete' },
  'duplicate-header': UNREADABLE,
  'malformed-request': UNREADABLE,
  'headers-too-large': { name: 'headersTooLarge' },
  internal: { name: 'internal', temporary: true },
};

export const problemText = (slug: ProblemSlug): ProblemText => TEXTS[slug] ?? OTHER;

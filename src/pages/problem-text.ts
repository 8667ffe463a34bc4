/** Texts of problems for the person at the browser, who did not write the request. */
import type { ProblemSlug } from '../core/problem.ts';

export interface ProblemText {
  /** Says what happened. */
  readonly title: string;
  /** Says what the person can do next. */
  readonly next: string;
  /** True if waiting may be enough. */
  readonly temporary?: true;
}

const START_AGAIN = 'Go back to your product and start again from there.';
const ASK_SUPPORT =
  'Nothing you did caused this. Please contact support and quote the reference below.';
const RELOAD =
  'Wait a moment, then reload this page. Your link keeps working until it expires; after that, go back to your product and start again.';

const SIGN_IN_ENDED: ProblemText = {
  title: 'Please sign in again',
  next: 'Your sign-in has ended or does not belong here. Sign in to your product, then start again from there.',
};
const UNAVAILABLE: ProblemText = {
  title: 'This is not available right now',
  next: RELOAD,
  temporary: true,
};
const NOT_ANSWERING: ProblemText = {
  title: 'A service we rely on is not answering',
  next: RELOAD,
  temporary: true,
};
const BEING_PREPARED: ProblemText = {
  title: 'Your organization is still being prepared',
  next: 'This takes less than a minute. Wait a moment, then reload this page.',
  temporary: true,
};
const OUR_MISTAKE: ProblemText = { title: 'We could not open this page', next: ASK_SUPPORT };
const NEEDS_SUPPORT: ProblemText = {
  title: 'Your organization’s setup needs our attention',
  next: ASK_SUPPORT,
};
const UNREADABLE: ProblemText = {
  title: 'We could not read your browser’s request',
  next: START_AGAIN,
};

/** Text for problems without their own, which browsers are not expected to meet. */
const DEFAULT: ProblemText = {
  title: 'Something went wrong',
  next: `${START_AGAIN} If it happens again, contact support and quote the reference below.`,
};

const TEXTS: Partial<Record<ProblemSlug, ProblemText>> = {
  'launch-gone': {
    title: 'This link no longer works',
    next: 'A link opens once, and only for a short time. Go back to your product and start again to get a new one.',
  },
  'unknown-client': { title: 'This sign-in address is not right', next: ASK_SUPPORT },
  'unregistered-redirect-uri': { title: 'This sign-in address is not right', next: ASK_SUPPORT },
  'login-expired': {
    title: 'This sign-in is no longer valid',
    next: 'It took too long, was finished before, or began in another browser. Go back to your product and sign in again from there.',
  },
  'login-not-here': {
    title: 'Please sign in from your product',
    next: 'Open the product you want to use, and choose to sign in there.',
  },
  'too-many-requests': {
    title: 'Too many requests at once',
    next: 'Wait a minute, then open your product and start again there.',
    temporary: true,
  },
  'it-admin-required': {
    title: 'Only IT admins can do this',
    next: 'You are signed in, but not as an IT admin of this organization. Ask your IT admin to do it, or sign in with an account that is one.',
  },
  'acting-user-required': {
    title: 'Please sign in first',
    next: 'Only IT admins of your organization can open this page. Sign in to your product, then start again from there.',
  },
  'invalid-user-token': SIGN_IN_ENDED,
  unauthenticated: SIGN_IN_ENDED,
  'insufficient-scope': {
    title: 'Your product may not open this page',
    next: ASK_SUPPORT,
  },
  'navigation-required': {
    title: 'This link is for a browser window',
    next: 'It was loaded in advance or inside another page. Open it by clicking it, in a window of its own; it has not been used up.',
  },
  'tenant-not-found': {
    title: 'We could not find your organization',
    next: `${START_AGAIN} If it happens again, contact support and quote the reference below.`,
  },
  'tenant-not-active': {
    title: 'Your organization’s setup is paused',
    next: 'Please contact support and quote the reference below.',
  },
  'tenant-deleted': NEEDS_SUPPORT,
  'organization-missing': NEEDS_SUPPORT,
  'organization-conflict': NEEDS_SUPPORT,
  'provisioning-in-progress': BEING_PREPARED,
  'provisioning-incomplete': BEING_PREPARED,
  'registry-grant-required': {
    title: 'You are not on the list of IT admins yet',
    next: 'Ask your IT admin to add you, or sign in to your product and start again from there.',
  },
  'upstream-rejected': OUR_MISTAKE,
  'upstream-auth-failed': OUR_MISTAKE,
  'upstream-forbidden': OUR_MISTAKE,
  'upstream-error': NOT_ANSWERING,
  'upstream-unreachable': NOT_ANSWERING,
  'upstream-invalid-response': NOT_ANSWERING,
  'upstream-unavailable': NOT_ANSWERING,
  'upstream-timeout': NOT_ANSWERING,
  'upstream-rate-limited': { ...NOT_ANSWERING, title: 'We are very busy right now' },
  'workos-share-used': { ...UNAVAILABLE, title: 'We are very busy right now' },
  overloaded: { ...UNAVAILABLE, title: 'We are very busy right now' },
  'dependency-unavailable': UNAVAILABLE,
  'dependency-timeout': UNAVAILABLE,
  'dependency-read-only': UNAVAILABLE,
  'method-not-allowed': {
    title: 'This page cannot be opened this way',
    next: 'Open your link again in a browser window. If that does not help, go back to your product and start again.',
  },
  'not-found': { title: 'There is nothing at this address', next: START_AGAIN },
  'invalid-request': { title: 'This link is not complete', next: START_AGAIN },
  'duplicate-header': UNREADABLE,
  'malformed-request': UNREADABLE,
  'headers-too-large': {
    title: 'Your browser sent too much',
    next: 'Clear this site’s cookies, then go back to your product and start again.',
  },
  internal: {
    title: 'Something went wrong on our side',
    next: 'Wait a moment, then reload this page. If it happens again, contact support and quote the reference below.',
    temporary: true,
  },
};

export const problemText = (slug: ProblemSlug): ProblemText => TEXTS[slug] ?? DEFAULT;

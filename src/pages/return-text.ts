/** Texts for an IT admin who comes back from the Admin Portal. */
import type { Intent } from '../core/intents.ts';
import { INTENT_TEXT } from './intent-text.ts';

export type ReturnOutcome =
  | 'active'
  /** Set up on this visit, but no sign-in has been seen yet. */
  | 'active_unused'
  | 'in_progress'
  /** Begun before this visit, and unchanged since. */
  | 'unchanged'
  /** Set up, but not working. */
  | 'attention'
  | 'nothing'
  /** The state cannot be read for this intent, or the user may no longer see it. */
  | 'not_revealed'
  /** WorkOS did not answer in time. */
  | 'unknown';

export interface ReturnView {
  readonly tenantName: string;
  readonly intent: Intent;
  readonly outcome: ReturnOutcome;
  readonly items: readonly { readonly name: string; readonly state: string }[];
  /** Undefined when the launch has no URL to lead on to. */
  readonly next: { readonly url: string; readonly host: string } | undefined;
  /** True if reloading may show a change. */
  readonly reloadable: boolean;
}

export type Tone = 'good' | 'waiting' | 'plain';

interface OutcomeText {
  readonly title: (intent: Intent) => string;
  readonly text: (intent: Intent) => string;
  readonly tone: Tone;
}

const OPEN_AGAIN = 'open the Admin Portal again from your product';

/** Says what is missing before the feature is in use. */
const NEXT_STEP: Partial<Record<Intent, string>> = {
  sso: `It is in use once your identity provider is connected. If steps are left there, finish them; if steps are left here, ${OPEN_AGAIN}.`,
  dsync: `It is in use once your identity provider has begun to send people and groups. If steps are left, ${OPEN_AGAIN}.`,
  domain_verification:
    'The check goes on by itself once the DNS record is in place, which can take hours to be seen everywhere.',
};

/** Instructions for an item that needs attention. */
const REPAIR: Partial<Record<Intent, string>> = {
  domain_verification: `The DNS record was not found in time. To try again, ${OPEN_AGAIN}`,
  certificate_renewal: `It ends soon or has ended, and with it the way to sign in. To renew it, ${OPEN_AGAIN}`,
};

export const OUTCOME_TEXT: Record<ReturnOutcome, OutcomeText> = {
  active: {
    title: (intent) => INTENT_TEXT[intent].active,
    text: () => 'Your settings are saved and in use.',
    tone: 'good',
  },
  active_unused: {
    title: (intent) => INTENT_TEXT[intent].active,
    text: () =>
      'Your settings are saved. We have not seen anybody sign in with them yet: sign in once yourself, to see that they work, before you tell the others.',
    tone: 'good',
  },
  in_progress: {
    title: (intent) => INTENT_TEXT[intent].inProgress,
    text: (intent) =>
      `What you have entered is saved. ${NEXT_STEP[intent] ?? `Some changes take a few minutes to show; if steps are left, ${OPEN_AGAIN}.`}`,
    tone: 'waiting',
  },
  unchanged: {
    title: (intent) => INTENT_TEXT[intent].inProgress,
    text: (intent) =>
      `We see no change from this visit yet. ${NEXT_STEP[intent] ?? `If steps are left, ${OPEN_AGAIN}.`}`,
    tone: 'waiting',
  },
  attention: {
    title: (intent) => INTENT_TEXT[intent].attention,
    text: (intent) =>
      `${REPAIR[intent] ?? `To mend it, ${OPEN_AGAIN}`}; a change that you have just made may take a few minutes to show.`,
    tone: 'waiting',
  },
  nothing: {
    title: (intent) => INTENT_TEXT[intent].nothing,
    text: () =>
      'We see nothing from this visit yet. You can open the Admin Portal again from your product whenever you are ready.',
    tone: 'plain',
  },
  not_revealed: {
    title: () => 'You are back from the Admin Portal',
    text: () =>
      'Changes that you saved there are kept. This page cannot show them; open the Admin Portal again from your product to see them.',
    tone: 'plain',
  },
  unknown: {
    title: () => 'We do not know the result yet',
    text: () =>
      'Checking took too long this time. Changes that you saved in the Admin Portal are kept.',
    tone: 'waiting',
  },
};

const GOOD_STATES = ['active', 'linked', 'verified', 'legacy_verified', 'current'];

const STATE_TEXT: Readonly<Record<string, string>> = {
  active: 'Active',
  linked: 'Active',
  verified: 'Verified',
  legacy_verified: 'Verified',
  draft: 'Not finished',
  requires_type: 'Not finished',
  validating: 'Being checked',
  inactive: 'Not active',
  unlinked: 'Not active',
  invalid_credentials: 'Credentials not accepted',
  deleting: 'Being removed',
  pending: 'Waiting for verification',
  unverified: 'Not verified',
  failed: 'Verification failed',
  error: 'Not working',
  invalid: 'Not working',
  current: 'Up to date',
  expiring: 'Ends soon',
  expired: 'Has ended',
};

export interface StateText {
  readonly text: string;
  readonly good: boolean;
}

/** Returns the text for a state of WorkOS. An unknown state is shown by its own name. */
export const stateText = (state: string): StateText => ({
  text: STATE_TEXT[state] ?? state.replaceAll('_', ' '),
  good: GOOD_STATES.includes(state),
});

/** Several domains are counted, because one verified domain does not verify the others. */
export function titleOf({
  intent,
  outcome,
  items,
}: Pick<ReturnView, 'intent' | 'outcome' | 'items'>) {
  const counted = intent === 'domain_verification' && items.length > 1;
  if (!counted) return OUTCOME_TEXT[outcome].title(intent);
  const verified = items.filter(({ state }) => stateText(state).good).length;
  return verified === items.length
    ? `All ${items.length} domains are verified`
    : `${verified} of ${items.length} domains ${verified === 1 ? 'is' : 'are'} verified`;
}

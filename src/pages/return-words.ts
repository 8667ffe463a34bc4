/** What the page says to an IT admin who comes back from the Admin Portal. */
import type { Intent } from '../intents.ts';
import { INTENT_WORDS } from './intent-words.ts';

export type Outcome =
  | 'active'
  | 'in_progress'
  | 'nothing'
  /** No source tells what became of this intent. */
  | 'not_revealed'
  /** The source did not answer in time. */
  | 'unknown';

export interface ReturnView {
  readonly tenantName: string;
  readonly intent: Intent;
  readonly outcome: Outcome;
  readonly items: readonly { readonly name: string; readonly state: string }[];
  /** Undefined: the launch named no way back. */
  readonly next: { readonly url: string; readonly host: string } | undefined;
  /** Looking again may show more. */
  readonly reloadable: boolean;
}

export type Tone = 'good' | 'waiting' | 'plain';

interface OutcomeWords {
  readonly title: (intent: Intent) => string;
  readonly text: string;
  readonly tone: Tone;
}

export const OUTCOME_WORDS: Record<Outcome, OutcomeWords> = {
  active: {
    title: (intent) => INTENT_WORDS[intent].active,
    text: 'Your settings are saved and in use.',
    tone: 'good',
  },
  in_progress: {
    title: (intent) => INTENT_WORDS[intent].inProgress,
    text: 'What you have entered is saved. Some changes take a few minutes to show; if steps are left, open the Admin Portal again from your product.',
    tone: 'waiting',
  },
  nothing: {
    title: (intent) => INTENT_WORDS[intent].nothing,
    text: 'You can open the Admin Portal again from your product whenever you are ready.',
    tone: 'plain',
  },
  not_revealed: {
    title: () => 'You are back from the Admin Portal',
    text: 'Changes that you saved there are kept. This page cannot show them; open the Admin Portal again from your product to see them.',
    tone: 'plain',
  },
  unknown: {
    title: () => 'We do not know the result yet',
    text: 'Checking took too long this time. Changes that you saved in the Admin Portal are kept.',
    tone: 'waiting',
  },
};

const GOOD_STATES = ['active', 'linked', 'verified', 'legacy_verified'];

const STATE_WORDS: Readonly<Record<string, string>> = {
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
};

export interface StateWords {
  readonly text: string;
  readonly good: boolean;
}

/** A state that is new to us is shown as it is named, rather than as something it may not be. */
export const stateWords = (state: string): StateWords => ({
  text: STATE_WORDS[state] ?? state.replaceAll('_', ' '),
  good: GOOD_STATES.includes(state),
});

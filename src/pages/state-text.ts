import type { TextKey, Texts } from './texts/texts.ts';

/** States of WorkOS's connections, directories, domains and certificates. */
const STATES = {
  active: 'state.active',
  linked: 'state.active',
  verified: 'state.verified',
  legacy_verified: 'state.verified',
  draft: 'state.unfinished',
  requires_type: 'state.unfinished',
  validating: 'state.validating',
  inactive: 'state.inactive',
  unlinked: 'state.inactive',
  invalid_credentials: 'state.invalidCredentials',
  deleting: 'state.deleting',
  pending: 'state.pending',
  unverified: 'state.unverified',
  failed: 'state.failed',
  error: 'state.error',
  invalid: 'state.error',
  current: 'state.current',
  expiring: 'state.expiring',
  expired: 'state.expired',
} as const satisfies Record<string, TextKey>;

const GOOD_STATES = ['active', 'linked', 'verified', 'legacy_verified', 'current'];

export const isGoodState = (state: string): boolean => GOOD_STATES.includes(state);

const BAD_STATES = [
  'inactive',
  'unlinked',
  'invalid_credentials',
  'failed',
  'error',
  'invalid',
  'expired',
];

/** The colour of a state; its text says the same. */
export const toneOf = (state: string): 'good' | 'bad' | 'waiting' =>
  isGoodState(state) ? 'good' : BAD_STATES.includes(state) ? 'bad' : 'waiting';

/** Returns the text for a state of WorkOS. An unknown state is shown by its own name. */
export const stateText = (state: string, { text }: Texts): string =>
  Object.hasOwn(STATES, state)
    ? text(STATES[state as keyof typeof STATES])
    : state.replaceAll('_', ' ');

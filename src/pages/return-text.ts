/** Chooses the texts for an IT admin who comes back from the Admin Portal. */
import type { Intent } from '../core/intents.ts';
import { isGoodState } from './state-text.ts';
import type { PlainKey, Texts } from './texts/texts.ts';

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
  /** The path of the setup page where the visit began; undefined for all other visits. */
  readonly setupPage?: string | undefined;
  /** True if reloading may show a change. */
  readonly reloadable: boolean;
}

export type Tone = 'good' | 'waiting' | 'plain';

interface OutcomeText {
  readonly title: (intent: Intent) => PlainKey;
  readonly sentences: (intent: Intent) => readonly PlainKey[];
  readonly tone: Tone;
}

/** What is missing before the feature is in use. */
const NEXT_STEP: Partial<Record<Intent, PlainKey>> = {
  sso: 'returned.next.sso',
  dsync: 'returned.next.dsync',
  domain_verification: 'returned.next.domain_verification',
};

/** What to do about an item that needs attention. */
const REPAIR: Partial<Record<Intent, PlainKey>> = {
  domain_verification: 'returned.repair.domain_verification',
  certificate_renewal: 'returned.repair.certificate_renewal',
};

export const OUTCOME_TEXT: Record<ReturnOutcome, OutcomeText> = {
  active: {
    title: (intent) => `intent.${intent}.active`,
    sentences: () => ['returned.active'],
    tone: 'good',
  },
  active_unused: {
    title: (intent) => `intent.${intent}.active`,
    sentences: () => ['returned.activeUnused'],
    tone: 'good',
  },
  in_progress: {
    title: (intent) => `intent.${intent}.inProgress`,
    sentences: (intent) => ['returned.saved', NEXT_STEP[intent] ?? 'returned.next.other'],
    tone: 'waiting',
  },
  unchanged: {
    title: (intent) => `intent.${intent}.inProgress`,
    sentences: (intent) => ['returned.unchanged', NEXT_STEP[intent] ?? 'returned.next.other'],
    tone: 'waiting',
  },
  attention: {
    title: (intent) => `intent.${intent}.attention`,
    sentences: (intent) => [REPAIR[intent] ?? 'returned.repair.other', 'returned.repair.soon'],
    tone: 'waiting',
  },
  nothing: {
    title: (intent) => `intent.${intent}.nothing`,
    sentences: () => ['returned.nothing'],
    tone: 'plain',
  },
  not_revealed: {
    title: () => 'returned.notRevealed.title',
    sentences: () => ['returned.notRevealed'],
    tone: 'plain',
  },
  unknown: {
    title: () => 'returned.unknown.title',
    sentences: () => ['returned.unknown'],
    tone: 'waiting',
  },
};

/** Several domains are counted, because one verified domain does not verify the others. */
export function titleOf(
  { intent, outcome, items }: Pick<ReturnView, 'intent' | 'outcome' | 'items'>,
  { text }: Texts,
): string {
  const counted = intent === 'domain_verification' && items.length > 1;
  if (!counted) return text(OUTCOME_TEXT[outcome].title(intent));
  const count = items.length;
  const verified = items.filter(({ state }) => isGoodState(state)).length;
  return verified === count
    ? text('returned.allDomains', { count })
    : text('returned.domains', { verified, count });
}

import { askWorkos } from './ask-workos.ts';
import type { Cause, Facts, Finding } from './facts.ts';

/** Causes that concern Gatehouse as a whole. */
export const SYSTEM_CAUSES: readonly Cause[] = [oldMirror, parked, held, budget, clock];

const warning = (cause: string, sentence: string, remedy: string): Finding => ({
  cause,
  severity: 'warns',
  sentence,
  remedy,
  at: null,
});

/** The poller reads the feed every few seconds. */
const OLD_SECONDS = 300;

function oldMirror({ system: { feedAgeSeconds }, live, tenantId }: Facts): Finding[] {
  if (feedAgeSeconds !== null && feedAgeSeconds < OLD_SECONDS) return [];
  const read =
    feedAgeSeconds === null
      ? 'never read'
      : `last read ${Math.round(feedAgeSeconds / 60)} minutes ago`;
  return [
    warning(
      'events_late',
      `WorkOS’s events were ${read}, so what is known of its setup may be old.`,
      `Check that \`gatehouse worker\` runs, and its log.${live === undefined ? ` ${askWorkos({ tenantId })}` : ''}`,
    ),
  ];
}

function parked({ system: { parkedEvents } }: Facts): Finding[] {
  if (parkedEvents === 0) return [];
  return [
    warning(
      'events_parked',
      `${parkedEvents === 1 ? 'An event' : `${parkedEvents} events`} of the tenant’s organization could not be applied, so what is known of its setup may be old.`,
      '`gatehouse events parked list` shows why; `gatehouse events parked retry --all` applies them after the cause is removed.',
    ),
  ];
}

function held({ system: { holds } }: Facts): Finding[] {
  if (holds.length === 0) return [];
  return [
    warning(
      'workos_rate_limit',
      `WorkOS’s rate limit holds back: ${holds.join(', ')}.`,
      'It ends by itself within a minute. If it returns, see `GET /v1/upstream-budget` for who uses the budget.',
    ),
  ];
}

function budget({ system: { budgetLevel } }: Facts): Finding[] {
  if (budgetLevel === null || budgetLevel >= 1) return [];
  return [
    warning(
      'budget_exhausted',
      'The budget of requests to WorkOS is used up at this moment.',
      '`GET /v1/upstream-budget` shows who uses it; see `WORKOS_REQUESTS_PER_MINUTE`.',
    ),
  ];
}

/** Tokens allow a difference of 30 seconds. */
const SKEW_SECONDS = 30;

function clock({ system: { clockAheadSeconds: ahead } }: Facts): Finding[] {
  if (Math.abs(ahead) < SKEW_SECONDS) return [];
  return [
    warning(
      'clock_wrong',
      `The clock of this machine is ${Math.abs(Math.round(ahead))} seconds ${ahead > 0 ? 'ahead of' : 'behind'} the database’s.`,
      'Synchronise the clocks (NTP): logins and tokens expire too early or are refused.',
    ),
  ];
}

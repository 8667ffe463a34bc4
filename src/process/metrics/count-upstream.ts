import type { Cancelled } from '../../core/cancellation.ts';
import type { OnAttempt } from '../../workos/attempt.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import type { BudgetDeps } from '../upstream-budget.ts';
import type { Metrics } from './metrics.ts';

export const countAttempts =
  ({ upstream, refusedKey }: Metrics): OnAttempt =>
  (group, failure, seconds) => {
    upstream.observe({ class: group, outcome: outcomeOf(failure) }, seconds);
    const status = failure instanceof UpstreamFailure ? failure.facts.status : undefined;
    if (status === 401 || status === 403) refusedKey.inc({ status });
  };

function outcomeOf(failure: UpstreamFailure | Cancelled | undefined): string {
  if (!failure) return 'ok';
  if (!(failure instanceof UpstreamFailure)) return 'cancelled';
  const { kind, facts } = failure;
  return kind === 'status' ? outcomeOfStatus(facts.status ?? 0) : kind.replaceAll('-', '_');
}

const NAMED: Readonly<Record<number, string>> = { 401: 'key_refused', 429: 'rate_limited' };

const outcomeOfStatus = (status: number): string =>
  NAMED[status] ?? (status >= 500 ? 'error' : 'refused');

type BudgetCounters = Required<Pick<BudgetDeps, 'onUse' | 'onRefuse' | 'onRound'>>;

export const countBudget = ({
  budgetLevel,
  budgetUsed,
  budgetRefused,
}: Metrics): BudgetCounters => ({
  onUse: (priority) => {
    budgetUsed.inc({ priority });
  },
  onRefuse: (priority) => {
    budgetRefused.inc({ priority });
  },
  onRound: (level) => {
    budgetLevel.set(level);
  },
});

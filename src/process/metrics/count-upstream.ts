import { UpstreamFailure } from '../../workos/failure.ts';
import type { UpstreamOptions } from '../../workos/upstream.ts';
import type { Metrics } from './metrics.ts';
import type { BudgetDeps } from '../upstream-budget.ts';

export const countAttempts =
  ({ upstream, refusedKey }: Metrics): NonNullable<UpstreamOptions['onAttempt']> =>
  (group, failure) => {
    const isFailure = failure instanceof UpstreamFailure;
    upstream.inc({
      class: group,
      outcome: isFailure ? failure.kind : failure ? 'cancelled' : 'ok',
    });
    const status = isFailure ? failure.facts.status : undefined;
    if (status === 401 || status === 403) refusedKey.inc();
  };

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

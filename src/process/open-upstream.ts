import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { createLogThrottle } from '../core/log-throttle.ts';
import type { Database } from '../db/database.ts';
import { explainDatabase } from '../db/explain.ts';
import { createUpstream } from '../workos/upstream.ts';
import { createKeyRefusalLog } from './key-refusals.ts';
import { countAttempts, countBudget } from './metrics/count-upstream.ts';
import type { Metrics } from './metrics/metrics.ts';
import { joinUpstreamBudget, type BudgetDeps, type JoinedBudget } from './upstream-budget.ts';

interface Deps {
  readonly db: Database;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly isReady: () => boolean;
}

/** Opens WorkOS for a process: within the budget that all processes share, counted and logged. */
export function openUpstream({ workos }: Config, deps: Deps) {
  const { metrics, logger } = deps;
  const budget = joinBudget(workos, {
    ...deps,
    onHold: (operation, ms) => {
      upstream.hold(operation, ms);
    },
  });
  metrics.watchBudget(budget.view.view);
  const count = countAttempts(metrics);
  const noticeKeyRefusal = createKeyRefusalLog(logger);
  const upstream = createUpstream({
    ...workos,
    watch: metrics.watchPlaces('workos'),
    budget: budget.requests,
    onAttempt(group, failure, seconds) {
      count(group, failure, seconds);
      noticeKeyRefusal(failure);
    },
    onBreaker: metrics.watchBreaker,
  });
  return { upstream, budget };
}

function joinBudget(
  { requestsPerMinute, waitMs }: Config['workos'],
  { metrics, logger, ...deps }: Deps & Pick<BudgetDeps, 'onHold'>,
): JoinedBudget {
  metrics.budgetLimit.set(requestsPerMinute);
  const failing = createLogThrottle((cause) => {
    logger.warn(
      { cause },
      'the budget of requests to WorkOS could not be shared with the other processes; this one uses its last share',
    );
  });
  const counters = countBudget(metrics);
  return joinUpstreamBudget({
    ...deps,
    ...counters,
    waitMs,
    perMinute: requestsPerMinute,
    onRound(level) {
      failing.reset();
      counters.onRound(level);
    },
    onFailure(error) {
      metrics.budgetFailures.inc();
      failing.say(explainDatabase(error));
    },
  });
}

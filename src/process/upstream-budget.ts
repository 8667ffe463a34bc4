import type { Priority } from '../core/caller.ts';
import type { Database } from '../db/database.ts';
import { createUpstreamBudgetStore } from '../upstream-budget/store.ts';
import { createBudget, type Budget } from '../workos/budget/budget.ts';
import { createSubLimits } from '../workos/budget/sub-limits.ts';
import type { RequestBudget } from '../workos/upstream.ts';

export interface BudgetDeps {
  readonly db: Database;
  readonly perMinute: number;
  /** False until the database may be used. */
  readonly isReady?: () => boolean;
  /** True if the process must not end while a request waits for its turn: a command has nothing else that runs. */
  readonly keepsAlive?: boolean;
  /** How long a request waits for its turn. Default: 1 s. */
  readonly waitMs?: number;
  /** Called with an operation that WorkOS holds back, as another process learned. */
  readonly onHold: (operation: string, ms: number) => void;
  readonly onUse?: (priority: Priority) => void;
  readonly onRefuse?: (priority: Priority) => void;
  readonly onRound?: (level: number) => void;
  readonly onFailure?: (error: unknown) => void;
}

export interface JoinedBudget {
  readonly requests: RequestBudget;
  readonly view: Pick<Budget, 'perMinute' | 'view'>;
  /** Gives back what this process has not used. */
  stop(): Promise<void>;
}

/** A round can begin this often while urgent work waits. */
const PULSE_MS = 25;

/** Joins the processes that share the budget of requests to WorkOS. */
export function joinUpstreamBudget({
  db,
  isReady = () => true,
  waitMs,
  keepsAlive = false,
  onFailure = () => undefined,
  ...options
}: BudgetDeps): JoinedBudget {
  const store = createUpstreamBudgetStore(db);
  const wait = waitMs === undefined ? {} : { waitMs };
  const budget = createBudget({ ...options, ...wait, onFailure, exchange: store.exchange });
  const subLimits = createSubLimits({ ...wait, take: store.take, processes: budget.processes });
  const pulses = setInterval(() => {
    if (isReady()) budget.pulse();
  }, PULSE_MS);
  if (!keepsAlive) pulses.unref();
  return {
    requests: {
      ...budget,
      async take(options) {
        await subLimits.enter(options);
        await budget.take();
      },
    },
    view: budget,
    async stop() {
      clearInterval(pulses);
      if (isReady()) await budget.leave().catch(onFailure);
    },
  };
}

import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { joinUpstreamBudget } from '../process/upstream-budget.ts';
import { createUpstream, type Upstream } from '../workos/upstream.ts';

/** A command has time, so that it waits for requests that the service's clients use first. */
const WAIT_MS = 30_000;

/** Opens WorkOS for a command. It shares the budget of requests with the running service. */
export function openUpstream(db: Database, workos: Config['workos']): Upstream {
  const budget = joinUpstreamBudget({
    db,
    perMinute: workos.requestsPerMinute,
    waitMs: WAIT_MS,
    keepsAlive: true,
    onHold: (operation, ms) => {
      upstream.hold(operation, ms);
    },
  });
  const upstream = createUpstream({ ...workos, budget: budget.requests });
  return {
    ...upstream,
    async close() {
      await Promise.all([budget.stop(), upstream.close()]);
    },
  };
}

/** Opens WorkOS while a command uses it. */
export async function withUpstream<T>(
  { db, config }: { readonly db: Database; readonly config: Pick<Config, 'workos'> },
  use: (upstream: Upstream) => Promise<T>,
): Promise<T> {
  const upstream = openUpstream(db, config.workos);
  try {
    return await use(upstream);
  } finally {
    await upstream.close();
  }
}

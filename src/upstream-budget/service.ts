import { mayUseEveryTenant, type Client } from '../core/identity.ts';
import type { InputOf, ReplyOf } from '../http/endpoint.ts';
import { NONE, plus, totalOf } from '../workos/budget/amounts.ts';
import type { BudgetView } from '../workos/budget/budget.ts';
import type { upstreamBudgetContract } from './contract.ts';

export interface UpstreamBudgetDeps {
  readonly perMinute: number;
  readonly view: () => BudgetView;
}

type Reply = ReplyOf<typeof upstreamBudgetContract, 'getUpstreamBudget'>;
export type UpstreamBudget = Reply;
export type UpstreamBudgetService = ReturnType<typeof createUpstreamBudgetService>;

export const createUpstreamBudgetService = (deps: UpstreamBudgetDeps) => ({
  get({ client }: InputOf<typeof upstreamBudgetContract, 'getUpstreamBudget'>): Promise<Reply> {
    return Promise.resolve(budgetSeenBy(client, deps));
  },
});

/** Shows the remaining budget and its users, as far as this client may see them. */
export function budgetSeenBy(client: Client, { perMinute, view }: UpstreamBudgetDeps): Reply {
  const now = view();
  const all = [...now.used.values()].reduce(plus, NONE);
  return {
    object: 'upstream_budget',
    limit: perMinute,
    window_seconds: 60,
    used: totalOf(all),
    remaining: Math.max(0, perMinute - totalOf(all)),
    used_by_priority: all,
    clients: clientsOf(now, client),
    holds: holdsOf(now, client),
  };
}

function clientsOf({ used, shareOf }: BudgetView, client: Client): Reply['clients'] {
  const shown = mayUseEveryTenant(client) ? [...used.keys()] : [client.id];
  return shown
    .map((id) => ({
      client_id: id,
      share: Math.floor(shareOf(id)),
      used: totalOf(used.get(id) ?? NONE),
      used_by_priority: used.get(id) ?? NONE,
    }))
    .sort((one, other) => other.used - one.used);
}

/** The object that is held back may belong to another client's tenant, so that only its kind is shown. */
function holdsOf({ holds }: BudgetView, client: Client): Reply['holds'] {
  const shown = new Map<string, number>();
  for (const [operation, ms] of holds) {
    const name = mayUseEveryTenant(client) ? operation : (operation.split(' ')[0] ?? '');
    shown.set(name, Math.max(shown.get(name) ?? 0, Math.ceil(ms / 1_000)));
  }
  return [...shown].map(([operation, seconds]) => ({ operation, retry_after: seconds }));
}

import { Counter, Gauge, type Registry } from 'prom-client';
import { PRIORITIES } from '../../core/caller.ts';
import type { BudgetView } from '../../workos/budget/budget.ts';
import { totalOf } from '../../workos/budget/amounts.ts';

/** Clients with a series of their own: those that use most. There may be thousands. */
const MOST_CLIENTS = 20;
/** Stands for all other clients. No client has such an id. */
const OTHERS = '(other)';

/** The budget of requests to WorkOS, which all processes share. */
export function budgetMetrics(registry: Registry) {
  const registers = [registry];
  const watchBudget = clientMetrics(registers);
  const byPriority = (name: string, help: string) => {
    const counter = new Counter({ name, help, labelNames: ['priority'], registers });
    for (const priority of PRIORITIES) counter.inc({ priority }, 0);
    return counter;
  };
  return {
    budgetLimit: new Gauge({
      name: 'gatehouse_upstream_budget_limit',
      help: 'WORKOS_REQUESTS_PER_MINUTE: requests to WorkOS that all processes may make in a minute.',
      registers,
    }),
    budgetLevel: new Gauge({
      name: 'gatehouse_upstream_budget_level',
      help: 'Requests to WorkOS that may be made at once. Below 0 while logins have used more than there was.',
      registers,
    }),
    budgetUsed: byPriority(
      'gatehouse_upstream_budget_used_total',
      'Requests to WorkOS that this process took from the budget, by priority (login, interactive, ordinary, batch).',
    ),
    budgetRefused: byPriority(
      'gatehouse_upstream_budget_refused_total',
      'Requests to WorkOS that were refused because the client’s share was used up, by priority.',
    ),
    budgetFailures: new Counter({
      name: 'gatehouse_upstream_budget_failures_total',
      help: 'Failed attempts to share the budget with the other processes; meanwhile this process uses its last share.',
      registers,
    }),
    watchBudget,
  };
}

/** Each process shows the use of all processes, so that the figures are not to be added up. */
function clientMetrics(registers: Registry[]) {
  const labelNames = ['client'];
  let view: () => BudgetView | undefined = () => undefined;
  const most = (): readonly ClientUse[] => ranked(view()?.used ?? new Map<string, never>());
  const share = new Gauge({
    name: 'gatehouse_upstream_budget_client_share',
    help: 'Requests to WorkOS per minute that a client may make now, for the clients that use most.',
    labelNames,
    registers,
    collect() {
      share.reset();
      for (const [client] of most().slice(0, MOST_CLIENTS))
        share.set({ client }, view()?.shareOf(client) ?? 0);
    },
  });
  const use = new Gauge({
    name: 'gatehouse_upstream_budget_client_requests',
    help: 'Requests to WorkOS of all processes within the last minute, for the 20 clients that use most ((other): all others; @browsers, @background: of no client).',
    labelNames,
    registers,
    collect() {
      use.reset();
      const clients = most();
      for (const [client, requests] of clients.slice(0, MOST_CLIENTS))
        use.set({ client }, requests);
      const rest = clients.slice(MOST_CLIENTS).reduce((sum, [, requests]) => sum + requests, 0);
      use.set({ client: OTHERS }, rest);
    },
  });
  return (read: () => BudgetView): void => {
    view = read;
  };
}

type ClientUse = readonly [client: string, requests: number];

const ranked = (used: BudgetView['used']): readonly ClientUse[] =>
  [...used]
    .map(([client, some]): ClientUse => [client, totalOf(some)])
    .sort(([, one], [, other]) => other - one);

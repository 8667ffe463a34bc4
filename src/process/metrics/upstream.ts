import { Counter, Gauge, type Registry } from 'prom-client';

/** Requests to WorkOS, their budget, and what the WorkOS key sees. */
export function upstreamMetrics(registry: Registry) {
  const registers = [registry];
  const keySees = new Gauge({
    name: 'gatehouse_workos_key_sees_organizations',
    help: '0 while the WorkOS key sees none of the mapped organizations: probably a key of another environment.',
    registers,
  });
  keySees.set(1);
  return {
    upstream: new Counter({
      name: 'gatehouse_upstream_attempts_total',
      help: 'Requests to WorkOS by class and outcome (ok, status, timeout, unreachable, invalid-response, cancelled: the caller hung up).',
      labelNames: ['class', 'outcome'],
      registers,
    }),
    refusedKey: new Counter({
      name: 'gatehouse_upstream_key_refused_total',
      help: '401 and 403 answers from WorkOS: page on this.',
      registers,
    }),
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
    budgetUsed: new Counter({
      name: 'gatehouse_upstream_budget_used_total',
      help: 'Requests to WorkOS that this process took from the budget, by priority (login, interactive, ordinary, batch).',
      labelNames: ['priority'],
      registers,
    }),
    budgetRefused: new Counter({
      name: 'gatehouse_upstream_budget_refused_total',
      help: 'Requests to WorkOS that were refused because the client’s share was used up, by priority.',
      labelNames: ['priority'],
      registers,
    }),
    budgetFailures: new Counter({
      name: 'gatehouse_upstream_budget_failures_total',
      help: 'Failed attempts to share the budget with the other processes; meanwhile this process uses its last share.',
      registers,
    }),
    doubts: new Counter({
      name: 'gatehouse_organization_denials_doubted_total',
      help: 'Ignored 404 answers for mapped organizations, by reason (blind: the key sees no mapped organization; burst: too many 404s at once): check the WorkOS key.',
      labelNames: ['reason'],
      registers,
    }),
    keySees,
  };
}

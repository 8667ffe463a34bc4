import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const DOUBTS = ['blind', 'burst'];

/** Requests to WorkOS, and what the WorkOS key sees. */
export function upstreamMetrics(registry: Registry) {
  const registers = [registry];
  const keySees = new Gauge({
    name: 'gatehouse_workos_key_sees_organizations',
    help: '0 while the WorkOS key sees none of the mapped organizations: probably a key of another environment.',
    registers,
  });
  keySees.set(1);
  const refusedKey = new Counter({
    name: 'gatehouse_upstream_key_refused_total',
    help: 'Answers of WorkOS that refuse the key, by status: 401 (the key itself) or 403 (it lacks a permission).',
    labelNames: ['status'],
    registers,
  });
  for (const status of [401, 403]) refusedKey.inc({ status }, 0);
  const doubts = new Counter({
    name: 'gatehouse_organization_denials_doubted_total',
    help: 'Ignored 404 answers for mapped organizations, by reason (blind: the key sees no mapped organization; burst: too many 404s at once): check the WorkOS key.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of DOUBTS) doubts.inc({ reason }, 0);
  return {
    upstream: new Histogram({
      name: 'gatehouse_upstream_attempt_duration_seconds',
      help: 'Requests to WorkOS by class of endpoint and outcome (ok, refused: 4xx, key_refused: 401, rate_limited: 429, error: 5xx, timeout, unreachable, invalid_response, no_room: too many large answers at once, cancelled: the caller left).',
      labelNames: ['class', 'outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10],
      registers,
    }),
    refusedKey,
    watchBreaker: breakers(registers),
    doubts,
    keySees,
  };
}

function breakers(registers: Registry[]) {
  const opened = new Map<string, () => boolean>();
  const gauge: Gauge = new Gauge({
    name: 'gatehouse_upstream_breaker_open',
    help: '1 while calls to WorkOS of a class are refused to a client because they failed lately, by class of endpoint. One trial call is made every 5 s. While it is 1, a client that WorkOS has not answered in the last minute makes trial calls too.',
    labelNames: ['class'],
    registers,
    collect() {
      for (const [group, refuses] of opened) gauge.set({ class: group }, refuses() ? 1 : 0);
    },
  });
  return (group: string, refuses: () => boolean): void => {
    opened.set(group, refuses);
  };
}

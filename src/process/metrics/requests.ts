import { Counter, Histogram, type Registry } from 'prom-client';

/** Requests to Gatehouse, and what was refused before it was served. */
export function requestMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Histogram({
      name: 'gatehouse_request_duration_seconds',
      help: 'Requests by route, method, status and problem code.',
      labelNames: ['route', 'method', 'status', 'code'],
      buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    ignored: new Counter({
      name: 'gatehouse_requests_with_ignored_fields_total',
      help: 'Requests with fields that their operation does not have, by route: the log names the fields.',
      labelNames: ['route'],
      registers,
    }),
    limited: new Counter({
      name: 'gatehouse_requests_limited_total',
      help: 'Requests refused by a rate limit, by what was limited: a client, a tenant, or an address with too many refused things (credential, ticket, code).',
      labelNames: ['by'],
      registers,
    }),
    bodiesDropped: new Counter({
      name: 'gatehouse_request_bodies_dropped_total',
      help: 'Request bodies that were given up because too many were arriving too slowly.',
      registers,
    }),
  };
}

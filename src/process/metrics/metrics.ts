import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Observe } from '../../http/access-log.ts';
import { eventMetrics } from './events.ts';
import { partitionMetrics } from './partitions.ts';
import { placeMetrics } from './places.ts';
import { requestMetrics } from './requests.ts';
import { signInMetrics } from './sign-ins.ts';
import { upstreamMetrics } from './upstream.ts';
import { webhookMetrics } from './webhooks.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** Prometheus metrics. Label values are route templates and codes, never text from a caller. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { requests, ignored, ...refusals } = requestMetrics(registry);
  const observe: Observe = (context, status, seconds) => {
    const { route, method, code } = context;
    requests.observe({ route, method, status, code: code ?? '' }, seconds);
    if (context.ignored.length > 0) ignored.inc({ route });
  };
  return {
    registry,
    observe,
    ...refusals,
    ...placeMetrics(registry),
    ...upstreamMetrics(registry),
    ...signInMetrics(registry),
    ...eventMetrics(registry),
    ...webhookMetrics(registry),
    ...partitionMetrics(registry),
    /** Adds a gauge that is read when it is scraped. */
    measure: (name: string, help: string, read: () => number): void => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: () => {
          gauge.set(read());
        },
      });
    },
  };
}

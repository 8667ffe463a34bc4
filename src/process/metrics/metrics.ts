import { Registry, collectDefaultMetrics } from 'prom-client';
import { budgetMetrics } from './budget.ts';
import { buildMetrics } from './build.ts';
import { databaseMetrics } from './database.ts';
import { eventMetrics } from './events.ts';
import { maintenanceMetrics } from './maintenance.ts';
import { placeMetrics } from './places.ts';
import { portalMetrics } from './portal.ts';
import { requestMetrics } from './requests.ts';
import { serverMetrics } from './server.ts';
import { signInMetrics } from './sign-ins.ts';
import { taskMetrics } from './tasks.ts';
import { tenantMetrics } from './tenants.ts';
import { upstreamMetrics } from './upstream.ts';
import { webhookMetrics } from './webhooks.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Prometheus metrics. Label values are from lists of ours, never text from a caller or from WorkOS; a
 * client's id is one only for the few clients that use most. Counters that alerts watch begin with 0,
 * because the first increase of a series that was not there counts for nothing.
 */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  buildMetrics(registry);
  return {
    registry,
    ...requestMetrics(registry),
    ...placeMetrics(registry),
    ...databaseMetrics(registry),
    ...upstreamMetrics(registry),
    ...budgetMetrics(registry),
    ...signInMetrics(registry),
    ...portalMetrics(registry),
    ...tenantMetrics(registry),
    ...eventMetrics(registry),
    ...webhookMetrics(registry),
    ...maintenanceMetrics(registry),
    ...taskMetrics(registry),
    ...serverMetrics(registry),
  };
}

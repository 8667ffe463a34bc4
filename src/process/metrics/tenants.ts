import { Gauge, type Registry } from 'prom-client';

/** Tenants, counted by the leading worker. */
export function tenantMetrics(registry: Registry) {
  const tenants = new Gauge({
    name: 'gatehouse_tenants',
    help: 'Tenants by status. Counted once a minute by the leading worker; more than 100,000 of a status are estimated.',
    labelNames: ['status'],
    registers: [registry],
  });
  return {
    /** @param counts undefined if another worker counts */
    tenantsCounted: (counts: ReadonlyMap<string, number> | undefined): void => {
      tenants.reset();
      for (const [status, count] of counts ?? []) tenants.set({ status }, count);
    },
  };
}

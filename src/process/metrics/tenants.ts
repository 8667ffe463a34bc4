import { Counter, Gauge, type Registry } from 'prom-client';
import { AHEAD } from '../../setup/certificates.ts';

/** Tenants, counted by the leading worker. */
export function tenantMetrics(registry: Registry) {
  const tenants = new Gauge({
    name: 'gatehouse_tenants',
    help: 'Tenants by status. Counted once a minute by the leading worker; more than 100,000 of a status are estimated.',
    labelNames: ['status'],
    registers: [registry],
  });
  const certificates = new Counter({
    name: 'gatehouse_certificates_announced_total',
    help: 'SAML certificates of tenants that were announced to expire, by how many days ahead.',
    labelNames: ['days'],
    registers: [registry],
  });
  for (const days of AHEAD) certificates.inc({ days }, 0);
  return {
    certificates,
    /** @param counts undefined if another worker counts */
    tenantsCounted: (counts: ReadonlyMap<string, number> | undefined): void => {
      tenants.reset();
      for (const [status, count] of counts ?? []) tenants.set({ status }, count);
    },
  };
}

import { Gauge, type Registry } from 'prom-client';
import { packageVersion } from '../../core/package-files.ts';

/** Names the release that runs here: join it with other metrics to compare releases. */
export function buildMetrics(registry: Registry): void {
  new Gauge({
    name: 'gatehouse_build_info',
    help: 'Always 1: the release of Gatehouse and the version of Node.js, as labels.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: packageVersion(), node: process.versions.node }, 1);
}

import { Counter, Gauge, type Registry } from 'prom-client';
import type { AdmissionWatch } from '../../core/admission.ts';

/** Places for sessions with Postgres and for calls to WorkOS. */
export function placeMetrics(registry: Registry) {
  const registers = [registry];
  const refused = new Counter({
    name: 'gatehouse_places_refused_total',
    help: 'Requests that got no place in time, by resource (database, workos) and reason (client, strangers: its share is in use; capacity: all places are).',
    labelNames: ['resource', 'reason'],
    registers,
  });
  const places = new Map<string, () => number>();
  const inUse = new Gauge({
    name: 'gatehouse_places_in_use',
    help: 'Places in use, by resource (database: sessions; workos: calls).',
    labelNames: ['resource'],
    registers,
    collect() {
      for (const [resource, count] of places) inUse.set({ resource }, count());
    },
  });
  return {
    watchPlaces: (resource: 'database' | 'workos'): AdmissionWatch => ({
      onOpen: (count) => places.set(resource, count),
      onRefused: (reason) => refused.inc({ resource, reason }),
    }),
  };
}

import { Counter, Gauge, type Registry } from 'prom-client';
import type { AdmissionWatch, Occupancy } from '../../core/admission.ts';

const RESOURCES = ['database', 'workos'] as const;
type Resource = (typeof RESOURCES)[number];
const REASONS = ['client', 'strangers', 'capacity'] as const;

/** Places for sessions with Postgres and for calls to WorkOS. */
export function placeMetrics(registry: Registry) {
  const registers = [registry];
  const refused = new Counter({
    name: 'gatehouse_places_refused_total',
    help: 'Requests that got no place in time, by resource (database, workos) and reason (client, strangers: its share is in use; capacity: all places are).',
    labelNames: ['resource', 'reason'],
    registers,
  });
  for (const resource of RESOURCES)
    for (const reason of REASONS) refused.inc({ resource, reason }, 0);
  const opened = new Map<Resource, Occupancy>();
  const gauge = (name: string, help: string, read: (one: Occupancy) => number): void => {
    const places: Gauge = new Gauge({
      name,
      help,
      labelNames: ['resource'],
      registers,
      collect() {
        for (const [resource, one] of opened) places.set({ resource }, read(one));
      },
    });
  };
  gauge(
    'gatehouse_places',
    'Places that there are in this process, by resource (database: sessions; workos: calls).',
    ({ capacity }) => capacity,
  );
  gauge('gatehouse_places_in_use', 'Places in use, by resource.', ({ inUse }) => inUse());
  gauge('gatehouse_places_waiting', 'Calls that wait for a place, by resource.', ({ waiting }) =>
    waiting(),
  );
  return {
    watchPlaces: (resource: Resource): AdmissionWatch => ({
      onOpen: (occupancy) => opened.set(resource, occupancy),
      onRefused: (reason) => refused.inc({ resource, reason }),
    }),
  };
}

import type { DeliveryRow, EndpointHealth } from '../deliveries-store.ts';
import { eventCell, tenantCell } from '../links.ts';
import type { Action, Section } from '../view.ts';

export const givenUp = (
  rows: readonly DeliveryRow[],
  endpointOf: (row: DeliveryRow) => EndpointHealth | undefined,
): Section => ({
  title: 'Given up',
  lead: 'The latest deliveries whose retries are over. Deliver them again once the service accepts them.',
  table: {
    caption: 'Deliveries that were given up',
    columns: ['Event', 'Type', 'Tenant', 'Endpoint', 'Given up', 'Action'],
    rows: rows.map((row) => {
      const endpoint = endpointOf(row);
      return [
        eventCell(row.eventId),
        row.event,
        tenantCell(row.tenantId),
        endpoint ? endpoint.origin : { code: row.endpointId },
        { at: row.updatedAt },
        { action: replayOf(row) },
      ];
    }),
    empty: 'No delivery was given up.',
  },
});

/** Delivers one event again. */
export const replayOf = ({ endpointId, eventId }: DeliveryRow): Action => ({
  label: 'Deliver again',
  about: eventId,
  to: '/deliveries/replay',
  fields: { endpoint: endpointId, event: eventId },
});

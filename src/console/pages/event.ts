import type { Parked } from '../../events/inbox/parked-store.ts';
import type { DeliveryRow, EndpointHealth } from '../deliveries-store.ts';
import type { EventRow } from '../events-store.ts';
import { tenantCell } from '../links.ts';
import type { ConsolePage } from '../page.ts';
import type { View } from '../view.ts';
import { replayOf } from './given-up.ts';
import { parkedSection, type ParkedDeps } from './parked.ts';

export interface EventDeps extends ParkedDeps {
  readonly find: (id: string) => Promise<EventRow | undefined>;
  readonly deliveries: (eventId: string) => Promise<readonly DeliveryRow[]>;
  readonly endpoints: () => Promise<readonly EndpointHealth[]>;
}

/** One event: where it came from, and its deliveries. Its data is not shown. */
export const eventPage = ({ find, parked, deliveries, endpoints }: EventDeps): ConsolePage => ({
  path: '/events/:id',
  name: 'event',
  async show({ id }) {
    const row = await find(id);
    const [entry] = await parked(id);
    if (!row)
      return entry && { title: id, kind: 'Unreadable entry', sections: [parkedSection([entry])] };
    const origins = new Map((await endpoints()).map((one) => [one.id, one]));
    return view(row, entry, await deliveries(id), origins);
  },
});

const view = (
  row: EventRow,
  entry: Parked | undefined,
  deliveries: readonly DeliveryRow[],
  origins: ReadonlyMap<string, EndpointHealth>,
): View => ({
  kind: 'Event',
  title: row.event,
  sections: [
    {
      facts: [
        ['Id', { code: row.id }],
        ['Tenant', tenantCell(row.tenantId)],
        ['Organization', row.organizationId === null ? null : { code: row.organizationId }],
        ['Received from', row.source],
        ['At WorkOS', { at: row.createdAt }],
        ['Received', { at: row.receivedAt }],
        ['Applied', row.position === null ? 'not yet' : `at position ${row.position}`],
      ],
    },
    ...(entry ? [parkedSection([entry])] : []),
    {
      title: 'Deliveries',
      table: {
        caption: 'Deliveries of the event',
        columns: ['Endpoint', 'Client', 'State', 'Changed', 'Action'],
        rows: deliveries.map((one) => [
          {
            link: `/deliveries/${one.endpointId}`,
            text: origins.get(one.endpointId)?.origin ?? one.endpointId,
          },
          origins.get(one.endpointId)?.clientId,
          {
            state: one.state === 'delivered' ? 'good' : one.state === 'failed' ? 'bad' : 'waiting',
            text: one.state,
          },
          { at: one.updatedAt },
          { action: replayOf(one) },
        ]),
        empty: 'No endpoint asked for it.',
      },
    },
  ],
});

import type { Parked } from '../../events/inbox/parked-store.ts';
import type { Backlog } from '../../events/inbox/store.ts';
import type { DeliveryRow, EndpointHealth } from '../deliveries-store.ts';
import { EVENTS_PER_PAGE, type EventFilter, type EventRow } from '../events-store.ts';
import { eventCell, eventPath, tenantCell } from '../links.ts';
import type { ConsolePage } from '../page.ts';
import { withQuery } from '../paths.ts';
import { noticeOf, type Action, type Notice, type Section, type View } from '../view.ts';
import { replayOf } from './deliveries.ts';

export interface EventsDeps {
  readonly backlog: () => Promise<Backlog>;
  /** Oldest first. @param id only this entry */
  readonly parked: (id?: string) => Promise<readonly Parked[]>;
  readonly list: (filter: EventFilter) => Promise<readonly EventRow[]>;
  readonly find: (id: string) => Promise<EventRow | undefined>;
  readonly deliveries: (eventId: string) => Promise<readonly DeliveryRow[]>;
  readonly endpoints: () => Promise<readonly EndpointHealth[]>;
}

const DONE: Readonly<Record<string, Notice>> = {
  retried: {
    tone: 'good',
    text: 'The event is retried now.',
    hint: 'If it fails again, it is parked again within a minute.',
  },
  dropped: { tone: 'good', text: 'The event was dropped.' },
};

/** How events go, those that are parked, and the latest that were applied. */
export const eventsPage = ({ backlog, parked, list }: EventsDeps): ConsolePage => ({
  path: '/events',
  name: 'events',
  reads: ['tenant', 'type', 'older', 'done'],
  async show({ query: { tenant: tenantId, type, older, ...query } }) {
    const before = older !== undefined && /^\d{1,18}$/.test(older) ? older : undefined;
    const done = noticeOf(DONE, query.done);
    const { waiting, lag } = await backlog();
    return {
      title: 'Events',
      sections: [
        ...(done ? [{ notices: [done] }] : []),
        {
          facts: [
            ['Events that wait', waiting],
            ['Behind by', `${Math.round(lag)} s`],
          ],
        },
        parkedSection(await parked()),
        applied(await list({ tenantId, type, before }), tenantId, type),
      ],
    };
  },
});

const parkedSection = (entries: readonly Parked[]): Section => ({
  title: 'Parked',
  lead: 'Events that could not be applied, and input that this release cannot read. Others do not wait for them. Retry one after its cause is fixed.',
  table: {
    caption: 'Parked events, oldest first',
    columns: ['Event', 'Type', 'Why', 'Organization', 'Parked', 'Action'],
    rows: entries.map((one) => [
      eventCell(one.id),
      one.event ?? one.kind,
      one.reason,
      one.organizationId === null ? null : { code: one.organizationId },
      { at: one.at },
      [{ action: retryOf(one) }, { link: dropPath(one.id), text: 'Drop…' }],
    ]),
    empty: 'No event is parked.',
  },
});

const dropPath = (id: string): string => `${eventPath(id)}/drop`;

const retryOf = ({ id }: Parked): Action => ({
  label: 'Retry',
  to: '/events/retry',
  fields: { event: id },
});

function applied(
  rows: readonly EventRow[],
  tenant: string | undefined,
  type: string | undefined,
): Section {
  const last = rows.length === EVENTS_PER_PAGE ? rows.at(-1)?.position : undefined;
  return {
    title: 'Applied',
    filter: {
      to: '/events',
      button: 'Filter',
      fields: [
        { name: 'tenant', label: 'Tenant', value: tenant ?? '' },
        { name: 'type', label: 'Type', value: type ?? '', hint: 'connection.activated' },
      ],
    },
    table: {
      caption: 'Applied events, newest first',
      columns: ['Event', 'Type', 'Tenant', 'From', 'At WorkOS'],
      rows: rows.map((one) => [
        eventCell(one.id),
        one.event,
        tenantCell(one.tenantId),
        one.source,
        { at: one.createdAt },
      ]),
      empty: 'No event matches.',
      next: last ? withQuery('/events', { tenant, type, older: last }) : undefined,
    },
  };
}

/** One event: where it came from, and its deliveries. Its data is not shown. */
export const eventPage = ({ find, parked, deliveries, endpoints }: EventsDeps): ConsolePage => ({
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

/** Asks before an event is dropped, because that cannot be undone. */
export const dropPage = ({ parked }: EventsDeps): ConsolePage => ({
  path: '/events/:id/drop',
  name: 'drop event',
  async show({ id }) {
    const [entry] = await parked(id);
    return (
      entry && {
        kind: 'Parked event',
        title: 'Drop this event?',
        sections: [
          {
            notices: [
              {
                tone: 'bad',
                text: 'It is never applied or delivered, and not taken in again.',
                hint: 'What it reports is then missing in the mirror and in the feeds of clients.',
              },
            ],
            facts: [
              ['Id', { code: entry.id }],
              ['Type', entry.event ?? entry.kind],
              ['Why it is parked', entry.reason],
              ['Parked', { at: entry.at }],
            ],
            actions: [
              { label: 'Drop it', to: '/events/drop', fields: { event: id }, isMain: true },
            ],
            links: [{ to: '/events', text: 'Keep it' }],
          },
        ],
      }
    );
  },
});

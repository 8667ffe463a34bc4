import type { Backlog } from '../../events/inbox/store.ts';
import { EVENTS_PER_PAGE, type EventFilter, type EventRow } from '../events-store.ts';
import { eventCell, tenantCell } from '../links.ts';
import type { ConsolePage } from '../page.ts';
import { withQuery } from '../paths.ts';
import { noticeOf, type Notice, type Section } from '../view.ts';
import { parkedSection, type ParkedDeps } from './parked.ts';

export interface EventsDeps extends ParkedDeps {
  readonly backlog: () => Promise<Backlog>;
  readonly list: (filter: EventFilter) => Promise<readonly EventRow[]>;
}

const DONE: Readonly<Record<string, Notice>> = {
  retried: {
    tone: 'good',
    text: 'The event is retried now.',
    hint: 'If it fails again, it is parked again within a minute.',
  },
  dropped: { tone: 'good', text: 'The event was dropped.' },
};

/** Shows how far behind the events are, those that are parked, and the latest that were applied. */
export const eventsPage = ({ backlog, parked, list }: EventsDeps): ConsolePage => ({
  path: '/events',
  name: 'events',
  reads: ['tenant', 'type', 'older', 'done'],
  async show({ query: { tenant: tenantId, type, older, ...query } }) {
    const before = older !== undefined && /^\d{1,18}$/.test(older) ? older : undefined;
    const { waiting, lag } = await backlog();
    return {
      title: 'Events',
      result: noticeOf(DONE, query.done),
      sections: [
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

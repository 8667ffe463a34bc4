import type { AttemptRow, DeliveryRow, EndpointHealth } from '../deliveries-store.ts';
import { clientCell, eventCell, tenantCell } from '../links.ts';
import type { ConsolePage } from '../page.ts';
import { noticeOf, type Action, type Cell, type Notice, type Section, type View } from '../view.ts';

export interface DeliveriesDeps {
  /** Those that fail first. @param id only this endpoint */
  readonly endpoints: (id?: string) => Promise<readonly EndpointHealth[]>;
  readonly failed: (endpointId?: string) => Promise<readonly DeliveryRow[]>;
  readonly attempts: (endpointId: string) => Promise<readonly AttemptRow[]>;
}

const ENDPOINT_ID = /^we_\w{1,64}$/;

/** The endpoints, those that fail first, and the deliveries that were given up. */
export const deliveriesPage = ({ endpoints, failed }: DeliveriesDeps): ConsolePage => ({
  path: '/deliveries',
  name: 'deliveries',
  reads: ['client', 'state'],
  async show({ query: { client = '', state = '' } }) {
    const isShown = (one: EndpointHealth) =>
      (client === '' || one.clientId === client) && (state !== 'failing' || one.isFailing);
    const shown = (await endpoints()).filter(isShown);
    const ids = new Map(shown.map((one) => [one.id, one]));
    const rows = (await failed()).filter(({ endpointId }) => ids.has(endpointId));
    return {
      title: 'Deliveries',
      sections: [
        {
          filter: {
            to: '/deliveries',
            button: 'Filter',
            fields: [
              { name: 'client', label: 'Client', value: client },
              {
                name: 'state',
                label: 'Endpoints',
                value: state,
                choices: [
                  { value: '', text: 'All' },
                  { value: 'failing', text: 'Failing' },
                ],
              },
            ],
          },
        },
        list(shown),
        givenUp(rows, (one) => ids.get(one.endpointId)),
      ],
    };
  },
});

const list = (shown: readonly EndpointHealth[]): Section => ({
  title: 'Webhook endpoints',
  lead: 'Those that fail first. Only the origin of an address is shown, because its path may contain a secret.',
  table: {
    caption: 'Webhook endpoints',
    columns: ['Endpoint', 'Client', 'State', 'Last attempt', 'Waiting', 'Given up'],
    rows: shown.map((one) => [
      { link: `/deliveries/${one.id}`, text: one.origin },
      clientCell(one.clientId),
      stateCell(one),
      [{ at: one.lastAt }, ...(one.lastOutcome === null ? [] : [{ code: outcomeOf(one) }])],
      one.waiting,
      one.failed,
    ]),
    empty: 'No endpoint matches.',
  },
});

const stateCell = ({ status, disabledReason, isFailing }: EndpointHealth): Cell => {
  if (status !== 'enabled')
    return {
      state: 'plain',
      text: disabledReason === null ? 'disabled' : `disabled: ${disabledReason}`,
    };
  return isFailing ? { state: 'bad', text: 'failing' } : { state: 'good', text: 'delivering' };
};

const outcomeOf = ({ lastOutcome, lastStatus }: EndpointHealth): string =>
  lastStatus === null ? (lastOutcome ?? '') : `${lastOutcome ?? ''} ${lastStatus}`;

const givenUp = (
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
  to: '/deliveries/replay',
  fields: { endpoint: endpointId, event: eventId },
});

/** Delivers every event that the endpoint asks for and has not got. */
const replayMissedOf = ({ id }: EndpointHealth): Action => ({
  label: 'Deliver all missed events',
  to: '/deliveries/replay-missed',
  fields: { endpoint: id },
});

const DONE: Readonly<Record<string, Notice>> = {
  queued: {
    tone: 'good',
    text: 'The delivery is due now.',
    hint: 'A worker delivers it within seconds; its attempt then appears below.',
  },
  all: {
    tone: 'good',
    text: 'Every missed event is due now.',
    hint: 'The workers deliver them in their order.',
  },
  part: {
    tone: 'waiting',
    text: 'Many events were looked at, and there are more.',
    hint: 'Press “Deliver all missed events” again to go on.',
  },
  none: {
    tone: 'good',
    text: 'No event was missed.',
    hint: 'Every event of the types that the endpoint asks for was delivered, or is waiting.',
  },
  nothing: {
    tone: 'waiting',
    text: 'Nothing was queued.',
    hint: 'The event is not of the types that the endpoint asks for, or its client may no longer read it.',
  },
};

/** One endpoint: how its deliveries go, with replay. */
export const endpointPage = ({ endpoints, failed, attempts }: DeliveriesDeps): ConsolePage => ({
  path: '/deliveries/:id',
  name: 'endpoint',
  reads: ['done'],
  async show({ id, query }) {
    if (!ENDPOINT_ID.test(id)) return undefined;
    const [endpoint] = await endpoints(id);
    if (!endpoint) return undefined;
    const done = noticeOf(DONE, query.done);
    return view(endpoint, await failed(id), await attempts(id), done);
  },
});

const view = (
  endpoint: EndpointHealth,
  failed: readonly DeliveryRow[],
  attempts: readonly AttemptRow[],
  done: Notice | undefined,
): View => ({
  kind: `Webhook endpoint of ${endpoint.clientId}`,
  title: endpoint.origin,
  sections: [
    ...(done ? [{ notices: [done] }] : []),
    {
      facts: [
        ['State', stateCell(endpoint)],
        ['Client', clientCell(endpoint.clientId)],
        ['Id', { code: endpoint.id }],
        ['Events', endpoint.events.map((one) => ({ code: one }))],
        ['Waiting', endpoint.waiting],
        ['Given up', endpoint.failed],
        ['Registered', { at: endpoint.createdAt }],
      ],
      ...(endpoint.status === 'enabled' && { actions: [replayMissedOf(endpoint)] }),
    },
    givenUp(failed, () => endpoint),
    {
      title: 'Latest attempts',
      table: {
        caption: 'Latest attempts to deliver',
        columns: ['When', 'Event', 'Outcome', 'Status', 'Took'],
        rows: attempts.map((one) => [
          { at: one.at },
          eventCell(one.eventId),
          { state: one.outcome === 'delivered' ? 'good' : 'bad', text: one.outcome },
          one.status,
          `${one.durationMs} ms`,
        ]),
        empty: 'Nothing was sent yet.',
      },
    },
  ],
});

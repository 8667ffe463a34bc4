import type { AttemptRow, DeliveryRow, EndpointHealth } from '../deliveries-store.ts';
import { clientCell, eventCell } from '../links.ts';
import type { ConsolePage } from '../page.ts';
import { noticeOf, type Action, type Notice, type View } from '../view.ts';
import { stateCell, type DeliveriesDeps } from './deliveries.ts';
import { givenUp } from './given-up.ts';

export interface EndpointDeps extends DeliveriesDeps {
  readonly attempts: (endpointId: string) => Promise<readonly AttemptRow[]>;
}

const ENDPOINT_ID = /^we_\w{1,64}$/;

/** One endpoint: how its deliveries go, with replay. */
export const endpointPage = ({ endpoints, failed, attempts }: EndpointDeps): ConsolePage => ({
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

const view = (
  endpoint: EndpointHealth,
  failed: readonly DeliveryRow[],
  attempts: readonly AttemptRow[],
  done: Notice | undefined,
): View => ({
  kind: `Webhook endpoint of ${endpoint.clientId}`,
  title: endpoint.origin,
  result: done,
  sections: [
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

/** Delivers every event that the endpoint asks for and has not got. */
const replayMissedOf = ({ id }: EndpointHealth): Action => ({
  label: 'Deliver all missed events',
  to: '/deliveries/replay-missed',
  fields: { endpoint: id },
});

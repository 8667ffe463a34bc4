import type { DeliveryRow, EndpointHealth } from '../deliveries-store.ts';
import { clientCell } from '../links.ts';
import type { ConsolePage } from '../page.ts';
import type { Cell, Section } from '../view.ts';
import { givenUp } from './given-up.ts';

export interface DeliveriesDeps {
  /** Those that fail first. @param id only this endpoint */
  readonly endpoints: (id?: string) => Promise<readonly EndpointHealth[]>;
  readonly failed: (endpointId?: string) => Promise<readonly DeliveryRow[]>;
}

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

export const stateCell = ({ status, disabledReason, isFailing }: EndpointHealth): Cell => {
  if (status !== 'enabled')
    return {
      state: 'plain',
      text: disabledReason === null ? 'disabled' : `disabled: ${disabledReason}`,
    };
  return isFailing ? { state: 'bad', text: 'failing' } : { state: 'good', text: 'delivering' };
};

const outcomeOf = ({ lastOutcome, lastStatus }: EndpointHealth): string =>
  lastStatus === null ? (lastOutcome ?? '') : `${lastOutcome ?? ''} ${lastStatus}`;

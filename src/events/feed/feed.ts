import { implement } from '../../http/endpoint.ts';
import type { Client } from '../../core/identity.ts';
import { invalidField } from '../../core/problem.ts';
import { feedContract } from './contract.ts';
import type { FeedStore } from './store.ts';
import { toClientEvent } from './client-event.ts';

/** The feed of events: each client sees the events of its own tenants. */
export const feedRoutes = (feed: FeedStore) =>
  implement(feedContract, {
    async listEvents({ query: { after, ...filter }, client }) {
      if (after !== undefined && filter.range_start !== undefined)
        throw invalidField('range_start', 'invalid_value', 'cannot be given together with after');
      const from = after === undefined ? undefined : await positionOf(feed, client, after);
      const { events, next } = await feed.read(client, filter, from);
      const data = events.map(toClientEvent);
      return {
        object: 'list' as const,
        data,
        list_metadata: {
          before: null,
          after: next === undefined ? (data.at(-1)?.id ?? null) : `${POSITION}${next}`,
        },
      };
    },
  });

/** Begins the cursor of a page that ended early, which has no last event. A position tells nothing about other tenants. */
const POSITION = 'position_';
const PLACE = new RegExp(`^${POSITION}(\\d{1,18})$`);

/** Answers the same for an event the client may not see as for one that does not exist. */
async function positionOf(feed: FeedStore, client: Client, after: string): Promise<string> {
  const position = PLACE.exec(after)?.[1] ?? (await feed.positionOf(client, after));
  if (position !== undefined) return position;
  throw invalidField(
    'after',
    'unknown_cursor',
    'is not the id of an event that the client may read now; start with range_start',
  );
}

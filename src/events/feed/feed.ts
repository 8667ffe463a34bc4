import { implement } from '../../http/endpoint.ts';
import type { Client } from '../../core/identity.ts';
import { requireEventTypes } from '../../core/event-types.ts';
import { invalidField } from '../../core/problem.ts';
import { feedContract } from './contract.ts';
import type { FeedFilter } from './sources-store.ts';
import type { FeedStore } from './store.ts';
import { toClientEvent } from './client-event.ts';

/** The feed of events: each client sees the events of its own tenants. */
export const feedRoutes = (feed: FeedStore) =>
  implement(feedContract, {
    async listEvents({ query: { after, before, order: asked, ...filter }, client }) {
      await requireEventTypes(filter.events, feed.seenTypes);
      const cursor = after ?? before;
      const from =
        cursor === undefined
          ? undefined
          : await positionOf(feed, client, cursor, before === undefined ? 'after' : 'before');
      const order = asked === 'asc' ? 'asc' : 'desc';
      if (before !== undefined) return backwardPage(feed, client, { ...filter, order }, from);
      const { events, next } = await feed.read(client, { ...filter, order }, from);
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

/** Reads the events just before a position, in the order that was asked for. */
async function backwardPage(
  feed: FeedStore,
  client: Client,
  { order, ...filter }: FeedFilter,
  from: string | undefined,
) {
  const opposite = order === 'asc' ? 'desc' : 'asc';
  const { events, next } = await feed.read(client, { ...filter, order: opposite }, from);
  const data = events.toReversed().map(toClientEvent);
  return {
    object: 'list' as const,
    data,
    list_metadata: {
      before: next === undefined ? (data[0]?.id ?? null) : `${POSITION}${next}`,
      after: data.at(-1)?.id ?? null,
    },
  };
}

/** Begins the cursor of a page that ended early, which has no last event. A position tells nothing about other tenants. */
const POSITION = 'position_';
const PLACE = new RegExp(`^${POSITION}(\\d{1,18})$`);

/** Answers the same for an event the client may not see as for one that does not exist. */
async function positionOf(
  feed: FeedStore,
  client: Client,
  cursor: string,
  field: 'after' | 'before',
): Promise<string> {
  const position = PLACE.exec(cursor)?.[1] ?? (await feed.positionOf(client, cursor));
  if (position !== undefined) return position;
  throw invalidField(
    field,
    'unknown_cursor',
    'is not the id of an event that the client may read now; start with range_start',
  );
}

import type { Client } from '../../core/identity.ts';
import type { Queryable } from '../../core/ports.ts';
import { coverageOf, covers } from '../../db/tenant-rules.ts';
import { BUDGET_MS, readBlocks, type FeedPage } from './blocks-store.ts';
import { readDirectly, sourceOf, type FeedFilter } from './sources-store.ts';

export type FeedStore = ReturnType<typeof createFeedStore>;

/** @param budgetMs the time after which a page may end early */
export const createFeedStore = (db: Queryable, budgetMs = BUDGET_MS) => ({
  /** Returns undefined if the event does not exist, has no position yet, or is not visible to the client. */
  async positionOf({ tenants }: Client, id: string): Promise<string | undefined> {
    const [row] = await db.query<{ position: string }>(POSITION, [tenants, id]);
    return row?.position;
  },

  /** Returns those of these event types that were ever received. */
  async seenTypes(types: readonly string[]): Promise<string[]> {
    return (await db.query<{ type: string }>(SEEN, [types])).map(({ type }) => type);
  },

  /**
   * Returns a page by indexes, in a bounded time.
   *
   * @param from the position to start after; undefined to start at the first event in `order`
   */
  async read(client: Client, filter: FeedFilter, from: string | undefined): Promise<FeedPage> {
    const { organization_id, range_start, range_end } = filter;
    const coverage =
      organization_id === undefined ? await coverageOf(db, client.tenants) : [organization_id];
    const source = sourceOf(coverage, client, filter);
    const isExact = source.isExact && range_start === undefined && range_end === undefined;
    return isExact
      ? { events: await readDirectly(db, source, filter, from) }
      : readBlocks(db, source, filter, from, budgetMs);
  },
});

const POSITION = {
  name: 'feed-position',
  text: `select position from events where id = $2 and position is not null
    and ${covers('$1::text[]', 'tenant_id')}`,
};

const SEEN = {
  name: 'seen-event-types',
  text: `select type from unnest($1::text[]) type where exists (select 1 from events where event = type)`,
};

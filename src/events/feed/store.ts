import type { Queryable } from '../../core/ports.ts';
import { eventColumns } from '../../db/event-columns.ts';
import { coveredTenants, covers } from '../../db/tenant-rules.ts';
import { mayUseEveryTenant, type Client } from '../../core/identity.ts';
import type { AppliedEvent } from '../inbox/event.ts';

export interface FeedFilter {
  readonly events?: readonly string[] | undefined;
  /** The tenant, allowed to the client. */
  readonly organization_id?: string | undefined;
  readonly range_start?: string | undefined;
  readonly range_end?: string | undefined;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
}

export type FeedStore = ReturnType<typeof createFeedStore>;

const COLUMNS = eventColumns();

export const createFeedStore = (db: Queryable) => ({
  /** Returns undefined if the event does not exist, has no position yet, or is not visible to the client. */
  async positionOf({ tenants }: Client, id: string): Promise<string | undefined> {
    const [row] = await db.query<{ position: string }>(POSITION, [tenants, id]);
    return row?.position;
  },

  /** @param from the position to start after; undefined to start at the first event in `order` */
  read(
    client: Client,
    { events, organization_id, range_start, range_end, limit, order }: FeedFilter,
    from: string | undefined,
  ): Promise<AppliedEvent[]> {
    const isWhole = organization_id === undefined && mayUseEveryTenant(client);
    const tenants = organization_id === undefined ? client.tenants : [organization_id];
    return db.query<AppliedEvent>(STATEMENTS[isWhole ? 'whole' : 'byTenant'][order], [
      ...[tenants, from, events, range_start, range_end, limit],
    ]);
  },
});

const POSITION = {
  name: 'feed-position',
  text: `select position from events where id = $2 and position is not null
    and ${covers('$1::text[]', 'tenant_id')}`,
};

const conditions = (order: FeedFilter['order']) => `position is not null
  and ($2::bigint is null or position ${order === 'asc' ? '>' : '<'} $2)
  and ($3::text[] is null or event = any($3))
  and ($4::timestamptz is null or created_at >= $4)
  and ($5::timestamptz is null or created_at < $5)`;

/** For clients that may use every tenant. Parameter 1 is unused, so that both statements take the same ones. */
const whole = (order: FeedFilter['order']) => `select ${COLUMNS} from events
  where ${conditions(order)} and $1::text[] is not null
  order by position ${order} limit $6`;

/**
 * Reads a page of each tenant and merges them. So only the needed part of the index (tenant_id,
 * position) is read, however long the feed and however many events other tenants have.
 */
const byTenant = (order: FeedFilter['order']) => `select page.*
  from (${coveredTenants('$1::text[]')}) own cross join lateral (
    select ${COLUMNS} from events where tenant_id = own.id and ${conditions(order)}
    order by position ${order} limit $6) page
  order by position ${order} limit $6`;

const STATEMENTS = {
  whole: { asc: whole('asc'), desc: whole('desc') },
  byTenant: { asc: byTenant('asc'), desc: byTenant('desc') },
};

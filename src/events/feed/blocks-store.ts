/** Reads the feed in blocks of positions, where no index answers the whole question. */
import type { Queryable } from '../../core/ports.ts';
import { eventColumns } from '../../db/event-columns.ts';
import { covers } from '../../db/tenant-rules.ts';
import type { AppliedEvent } from '../inbox/event.ts';
import { positionsOf, type FeedFilter, type Order, type FeedSource } from './sources-store.ts';

/** Positions per block, as in the trigger that writes `feed_blocks`. */
const BLOCK = 10_000n;
/** After this time a page ends, and its cursor continues. */
export const BUDGET_MS = 60;

export interface FeedPage {
  readonly events: readonly AppliedEvent[];
  /** The position after which to continue, if the page ended before it was full. */
  readonly next?: string | undefined;
}

/**
 * Reads a page. Goes from event to event of the source, and reads their blocks, without those whose times are
 * outside of the range. A page may end early.
 */
export async function readBlocks(
  db: Queryable,
  source: FeedSource,
  filter: FeedFilter,
  from: string | undefined,
  budgetMs: number,
): Promise<FeedPage> {
  const deadline = performance.now() + budgetMs;
  const { limit, order } = filter;
  const events: AppliedEvent[] = [];
  for (let place = from; ;) {
    const block = await nextBlock(db, source, order, place);
    const inTime = block === undefined ? undefined : await blockInTime(db, filter, block);
    if (inTime === undefined) return { events };
    if (inTime === block) {
      events.push(...(await readBlock(db, source, filter, block, place, limit - events.length)));
      if (events.length === limit) return { events };
    }
    place = inTime === block ? lastOf(block, order) : beforeFirstOf(inTime, order);
    if (performance.now() > deadline) return { events, next: place };
  }
}

/** The positions between which a reader in this order passes the block. */
const lastOf = (block: bigint, order: Order): string =>
  String(order === 'asc' ? (block + 1n) * BLOCK - 1n : block * BLOCK);
const beforeFirstOf = (block: bigint, order: Order): string =>
  String(order === 'asc' ? block * BLOCK - 1n : (block + 1n) * BLOCK);

/** The block of the source's next event. */
async function nextBlock(
  db: Queryable,
  { by, types, tenants }: FeedSource,
  order: Order,
  place: string | undefined,
): Promise<bigint | undefined> {
  const [first] = await db.query<{ position: string }>(positionsOf(by, order, '1'), [
    types,
    tenants,
    place,
  ]);
  return first && BigInt(first.position) / BLOCK;
}

async function blockInTime(
  db: Queryable,
  { range_start, range_end, order }: FeedFilter,
  block: bigint,
): Promise<bigint | undefined> {
  if (range_start === undefined && range_end === undefined) return block;
  const [found] = await db.query<{ block: string }>(
    `select block from feed_blocks where block ${order === 'asc' ? '>=' : '<='} $1
       and ($2::timestamptz is null or latest >= $2) and ($3::timestamptz is null or earliest < $3)
     order by block ${order} limit 1`,
    [block, range_start, range_end],
  );
  return found && BigInt(found.block);
}

const COLUMNS = eventColumns();

const readBlock = (
  db: Queryable,
  { types, tenants, rules }: FeedSource,
  { range_start, range_end, order }: FeedFilter,
  block: bigint,
  place: string | undefined,
  limit: number,
): Promise<AppliedEvent[]> =>
  db.query<AppliedEvent>(
    `select ${COLUMNS} from events
     where position >= $4 and position < $5
       and ($6::bigint is null or position ${order === 'asc' ? '>' : '<'} $6)
       and ($1::text[] is null or event = any($1))
       and ($2::text[] is null or tenant_id = any($2))
       and ($3::text[] is null or ${covers('$3::text[]', 'tenant_id')})
       and ($7::timestamptz is null or created_at >= $7)
       and ($8::timestamptz is null or created_at < $8)
     order by position ${order} limit $9`,
    [
      ...[types, tenants, rules, block * BLOCK, (block + 1n) * BLOCK, place],
      ...[range_start, range_end, limit],
    ],
  );

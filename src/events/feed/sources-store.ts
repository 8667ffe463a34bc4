import type { Client } from '../../core/identity.ts';
import type { Queryable } from '../../core/ports.ts';
import { eventColumns } from '../../db/event-columns.ts';
import type { Coverage } from '../../db/tenant-rules.ts';
import type { AppliedEvent } from '../inbox/event.ts';

export interface FeedFilter {
  readonly events?: readonly string[] | undefined;
  /** The tenant, allowed to the client. */
  readonly organization_id?: string | undefined;
  readonly range_start?: string | undefined;
  readonly range_end?: string | undefined;
  readonly limit: number;
  readonly order: Order;
}

export type Order = 'asc' | 'desc';

/** Where the events of a client are looked up. */
export interface FeedSource {
  readonly by: 'position' | 'type' | 'tenant' | 'tenant and type';
  readonly types: readonly string[] | null;
  /** Few tenants, or null. */
  readonly tenants: readonly string[] | null;
  /** The rules of a client with too many tenants to list, or null. */
  readonly rules: readonly string[] | null;
  /** True if all events found there are the client's, and of the types asked for. */
  readonly isExact: boolean;
}

/** The most pairs of tenant and type whose events are looked up one by one. */
const MAX_PAIRS = 10_000;

export function sourceOf(
  coverage: Coverage,
  client: Client,
  { events: asked }: Pick<FeedFilter, 'events'>,
): FeedSource {
  const types = asked === undefined ? null : [...new Set(asked)];
  const tenants = typeof coverage === 'string' ? null : coverage;
  const rules = coverage === 'many' ? client.tenants : null;
  const found = { types, tenants, rules };
  if (tenants === null)
    return { ...found, by: types === null ? 'position' : 'type', isExact: rules === null };
  const isPaired = types !== null && types.length * tenants.length <= MAX_PAIRS;
  return {
    ...found,
    by: isPaired ? 'tenant and type' : 'tenant',
    isExact: types === null || isPaired,
  };
}

/** SQL: one row for each range of an index, and the condition for that range. */
const RANGES: Readonly<Record<FeedSource['by'], readonly [rows: string, where: string]>> = {
  position: ['given', 'true'],
  type: ['given, unnest(given.types) of_type (type)', 'event = of_type.type'],
  tenant: ['given, unnest(given.tenants) own (tenant)', 'tenant_id = own.tenant'],
  'tenant and type': [
    'given, unnest(given.tenants) own (tenant), unnest(given.types) of_type (type)',
    'tenant_id = own.tenant and event = of_type.type',
  ],
};

/**
 * SQL: the first positions of a source in an order, beyond `$3` if that is not null. `$1`: types, `$2`: tenants.
 * Each range is read only as far as needed, however many events there are.
 */
export function positionsOf(by: FeedSource['by'], order: Order, limit: string): string {
  const [rows, where] = RANGES[by];
  const than = order === 'asc' ? '>' : '<';
  return `with given as (select $1::text[] as types, $2::text[] as tenants)
    select found.position from ${rows} cross join lateral (
      select position from events
      where ${where} and position is not null and ($3::bigint is null or position ${than} $3)
      order by position ${order} limit ${limit}) found
    order by position ${order} limit ${limit}`;
}

const COLUMNS = eventColumns('e');

/** Reads a page of events that are all the client's. */
export const readDirectly = (
  db: Queryable,
  { by, types, tenants }: FeedSource,
  { limit, order }: FeedFilter,
  from: string | undefined,
): Promise<AppliedEvent[]> =>
  db.query<AppliedEvent>(
    `select ${COLUMNS} from (${positionsOf(by, order, '$4')}) page
       join events e on e.position = page.position
     order by e.position ${order}`,
    [types, tenants, from, limit],
  );

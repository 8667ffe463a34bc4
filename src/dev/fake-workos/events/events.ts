/** Emits events and lists them by `GET /events`, which shows new events after a delay. */
import { z } from 'zod';
import type { FeedEntry, WorkosEvent } from '../state/events.ts';
import { ApiError, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

export const eventOperations: readonly Operation[] = [
  { method: 'GET', path: '/events', perform: list },
];

export interface EmitOptions {
  /** Default: now. A text where it comes over HTTP. */
  readonly createdAt?: Date | string;
  readonly context?: Record<string, unknown>;
  /** Milliseconds until the feed lists the event. Default: the feed's setting. */
  readonly feedDelayMs?: number;
}

/** The oldest event is deleted beyond this. */
const MAX_EVENTS = 20_000;

/** Stores an event and sends its webhooks. @param data the event's `data` */
export function emit(
  { state, newId, now, feed }: World,
  event: string,
  data: object,
  { createdAt = now(), context, feedDelayMs = feed.delayMs }: EmitOptions = {},
): WorkosEvent {
  const at = new Date(createdAt);
  const entry: FeedEntry = {
    object: 'event',
    id: newId('event'),
    event,
    data: structuredClone(data) as Record<string, unknown>,
    ...(context && { context: structuredClone(context) }),
    created_at: at.toISOString(),
    appears_at: new Date(at.getTime() + feedDelayMs).toISOString(),
  };
  state.events.set(entry.id, entry);
  const [oldest] = state.events.keys();
  if (state.events.size > MAX_EVENTS && oldest !== undefined) state.events.delete(oldest);
  feed.deliver(toWire(entry));
  return toWire(entry);
}

const DateTime = z.iso.datetime({ offset: true });
const Query = z.object({
  events: z.string().optional(),
  after: z.string().optional(),
  range_start: DateTime.optional(),
  range_end: DateTime.optional(),
  organization_id: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(10),
  order: z.enum(['asc', 'desc', 'normal']).default('desc'),
});
type Query = z.infer<typeof Query>;

const DAYS_KEPT = 90;

function list(request: ApiRequest, world: World): Reply {
  const query = parse(Query, request.query);
  if (query.after !== undefined && query.range_start !== undefined)
    throw new ApiError(400, { message: 'after and range_start cannot be used together.' });
  const visible = visibleEvents(world, query.order);
  const found = visible.filter((entry) => matches(entry, query));
  const rest = found.slice(startIndex(visible, found, query.after));
  const data = rest.slice(0, query.limit);
  const after = data.length < rest.length ? (data.at(-1)?.id ?? null) : null;
  return {
    status: 200,
    body: { object: 'list', data: data.map(toWire), list_metadata: { after } },
  };
}

function visibleEvents({ state, now }: World, order: Query['order']): FeedEntry[] {
  const [at, oldest] = [now().toISOString(), new Date(now().getTime() - DAYS_KEPT * 86_400_000)];
  const direction = order === 'asc' ? 1 : -1;
  return [...state.events.values()]
    .filter(({ appears_at, created_at }) => appears_at <= at && created_at >= oldest.toISOString())
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -direction : direction));
}

/** Sorts by creation time, then by id. */
const sortKey = ({ created_at, id }: WorkosEvent): string => `${created_at} ${id}`;

/** Index after the cursor, which may be an event the filters exclude. @throws ApiError 400 if it is unknown */
function startIndex(
  visible: readonly FeedEntry[],
  found: readonly FeedEntry[],
  after: string | undefined,
): number {
  if (after === undefined) return 0;
  const at = visible.findIndex(({ id }) => id === after);
  if (at < 0) throw new ApiError(400, { message: `Invalid cursor: '${after}'.` });
  const passed = new Set(visible.slice(0, at + 1));
  const first = found.findIndex((entry) => !passed.has(entry));
  return first < 0 ? found.length : first;
}

function matches(
  { event, data, created_at }: FeedEntry,
  { events, range_start, range_end, organization_id }: Query,
): boolean {
  const at = Date.parse(created_at);
  return (
    (events === undefined || events.split(',').includes(event)) &&
    (range_start === undefined || at >= Date.parse(range_start)) &&
    (range_end === undefined || at < Date.parse(range_end)) &&
    (organization_id === undefined || belongsTo(data, organization_id))
  );
}

/** Also true when only a nested object has the organization id: the connection of a certificate, the user of a group. */
const belongsTo = (data: Record<string, unknown>, organizationId: string): boolean =>
  data.id === organizationId ||
  [data, ...Object.values(data)].some(
    (part) => (part as { organization_id?: unknown } | null)?.organization_id === organizationId,
  );

const toWire = ({ object, id, event, data, context, created_at }: FeedEntry): WorkosEvent => ({
  object,
  id,
  event,
  data,
  ...(context && { context }),
  created_at,
});

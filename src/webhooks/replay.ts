import type { AuditRow } from '../audit-trail/writer.ts';
import type { Client } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { ReplayStore } from './replay-store.ts';
import type { EndpointRow } from './endpoint-row-store.ts';

/** Selects the events to deliver again. */
export type ReplayOf =
  | { readonly eventId: string }
  | {
      /** True for events that were not delivered only. */
      readonly isMissed: boolean;
      readonly since: string | undefined;
      readonly until: string | undefined;
      /** The position in the feed to go on from. */
      readonly after: string | undefined;
    };

type RangeOf = Exclude<ReplayOf, { eventId: string }>;

/** Reads a page of the client's feed in a bounded time. The page ends early if `next` is set. */
export type ReadFeed = (
  client: Client,
  filter: {
    readonly events: readonly string[];
    readonly range_start: string | undefined;
    readonly range_end: string | undefined;
    readonly limit: number;
    readonly order: 'asc';
  },
  from: string | undefined,
) => Promise<{
  readonly events: readonly { readonly id: string; readonly position: string }[];
  readonly next?: string | undefined;
}>;

export interface ReplayDeps {
  readonly store: ReplayStore;
  readonly readFeed: ReadFeed;
  /** The time after which a request stops looking, and the next one goes on. */
  readonly budgetMs?: number;
}

export interface Replayed {
  /** Deliveries that are due now. */
  readonly count: number;
  /** Where to go on. Null if all events were looked at. */
  readonly after: string | null;
}

export type EventReplay = (
  client: Client,
  endpoint: EndpointRow,
  replay: ReplayOf,
  audit: AuditRow,
) => Promise<Replayed>;

/** Events per request. */
const MOST = 1_000;
const PAGE = 100;
const BUDGET_MS = 500;
/** Deliveries that may wait at an endpoint before its replays are refused. The workers look through all that wait. */
const MOST_WAITING = 5_000;

/** Queues events again, in parts: a request looks at the feed for a limited time and queues a limited number. */
export const createEventReplay =
  ({ store, readFeed, budgetMs = BUDGET_MS }: ReplayDeps): EventReplay =>
  async (client, endpoint, replay, audit) => {
    if ('eventId' in replay) {
      const isAllowed = await store.mayBeNamed(client, endpoint, replay.eventId);
      const count = isAllowed ? await replayOne(store, endpoint, replay.eventId, audit) : 0;
      return { count, after: null };
    }
    if ((await store.pending(endpoint, MOST_WAITING)) === MOST_WAITING) throw tooManyWaiting();
    const deps = { store, readFeed, budgetMs };
    const { found, after } = await findEvents(deps, client, endpoint, replay);
    return { count: await store.queue(endpoint, found, replay.isMissed, audit), after };
  };

/** Returns the number of deliveries that are due now: one, also if the event was waiting for its next attempt. */
async function replayOne(
  store: ReplayStore,
  endpoint: EndpointRow,
  eventId: string,
  audit: AuditRow,
): Promise<number> {
  const queued = await store.queue(endpoint, [eventId], false, audit);
  if (queued > 0) return queued;
  return (await store.runNow(endpoint, eventId)) ? 1 : 0;
}

/** Reads the feed until enough events are found, the time is over or the feed ends. */
async function findEvents(
  { store, readFeed, budgetMs }: Required<ReplayDeps>,
  client: Client,
  endpoint: EndpointRow,
  { isMissed, since, until, after }: RangeOf,
): Promise<{ found: string[]; after: string | null }> {
  const range = { events: endpoint.events, range_start: since, range_end: until };
  const filter = { ...range, limit: PAGE, order: 'asc' } as const;
  const deadline = performance.now() + budgetMs;
  const found: string[] = [];
  let place = after ?? (isMissed ? await store.startOf(endpoint) : undefined);
  for (;;) {
    const { events, next } = await readFeed(client, filter, place);
    const ids = events.map(({ id }) => id);
    found.push(...(isMissed ? await store.missed(endpoint, ids) : ids));
    place = next ?? lastOfFull(events);
    if (place === undefined) return { found, after: null };
    if (found.length > MOST - PAGE || performance.now() > deadline) return { found, after: place };
  }
}

/** A page that is not full is the last one. */
const lastOfFull = (events: readonly { readonly position: string }[]): string | undefined =>
  events.length === PAGE ? events.at(-1)?.position : undefined;

const tooManyWaiting = (): Problem =>
  new Problem(
    'too-many-requests',
    `${MOST_WAITING} deliveries of this endpoint are waiting. Replay more when most of them are done.`,
    { retryAfter: 30 },
  );

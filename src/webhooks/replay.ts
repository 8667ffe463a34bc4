import type { AuditRow } from '../audit-trail/writer.ts';
import type { Client } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { ReplayStore } from './replay-store.ts';
import type { EndpointRow } from './store.ts';

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

export type Replay = (
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
export const createReplay = ({ store, readFeed, budgetMs = BUDGET_MS }: ReplayDeps): Replay => {
  const replayOne = async (endpoint: EndpointRow, eventId: string, audit: AuditRow) => {
    const queued = await store.queue(endpoint, [eventId], false, audit);
    if (queued > 0) return queued;
    return (await store.runNow(endpoint, eventId)) ? 1 : 0;
  };

  /** Reads on until enough events are found, the time is over or the feed ends. */
  const find = async (client: Client, endpoint: EndpointRow, range: RangeOf) => {
    const { isMissed, since, until, after } = range;
    const filter = { events: endpoint.events, range_start: since, range_end: until };
    const deadline = performance.now() + budgetMs;
    const found: string[] = [];
    let place = after ?? (isMissed ? await store.startOf(endpoint) : undefined);
    for (;;) {
      const { events, next } = await readFeed(
        ...([client, { ...filter, limit: PAGE, order: 'asc' }, place] as const),
      );
      const ids = events.map(({ id }) => id);
      found.push(...(isMissed ? await store.missed(endpoint, ids) : ids));
      place = next ?? lastOfFull(events);
      if (place === undefined) return { found, after: null };
      if (found.length > MOST - PAGE || performance.now() > deadline)
        return { found, after: place };
    }
  };

  return async (client, endpoint, replay, audit) => {
    if ('eventId' in replay) {
      const isAllowed = await store.mayBeNamed(client, endpoint, replay.eventId);
      const count = isAllowed ? await replayOne(endpoint, replay.eventId, audit) : 0;
      return { count, after: null };
    }
    if ((await store.pending(endpoint, MOST_WAITING)) === MOST_WAITING) throw tooManyWaiting();
    const { found, after } = await find(client, endpoint, replay);
    return { count: await store.queue(endpoint, found, replay.isMissed, audit), after };
  };
};

/** A page that is not full is the last one. */
const lastOfFull = (events: readonly { readonly position: string }[]): string | undefined =>
  events.length === PAGE ? events.at(-1)?.position : undefined;

const tooManyWaiting = (): Problem =>
  new Problem(
    'too-many-requests',
    `${MOST_WAITING} deliveries of this endpoint are waiting. Replay more when most of them are done.`,
    { retryAfter: 30 },
  );

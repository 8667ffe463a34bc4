import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { failureOf } from '../../workos/failure.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import type { Upstream } from '../../workos/upstream.ts';
import { isDeeperThan } from '../../core/json.ts';
import { EVENT_NAMES, NEWER_EVENT_NAMES } from '../../core/event-names.ts';
import type { IncomingEvent } from '../inbox/event.ts';
import { idOf, toEvent, unreadableReason } from './read-event.ts';
import type { Unreadable } from '../inbox/parked-store.ts';

/** The position to read from: after an event, or from a time. WorkOS accepts only one of them. */
export type Position = { readonly after: string } | { readonly range_start: string };

export interface UpstreamPage {
  /** Oldest first. */
  readonly events: readonly IncomingEvent[];
  /** Entries that are no valid events; they must not hold up the others. */
  readonly unreadable: readonly Unreadable[];
  /** Undefined if this was the end of the feed. */
  readonly next: Position | undefined;
}

export interface UpstreamFeed {
  /**
   * @param limit default: 100, or fewer if they are too large for one answer
   * @throws UpstreamFailure @throws Problem as `Upstream.call`
   */
  page(position: Position, limit?: number): Promise<UpstreamPage>;
}

const Page = z.object({
  data: z.array(z.unknown()),
  list_metadata: z.object({ after: z.string().nullish() }),
});

/** Milliseconds between requests: at most 600 a minute, a tenth of WorkOS's rate limit, and 1,000 events a second. */
const PACE_MS = 100;

const ALL_TYPES = [...EVENT_NAMES, ...NEWER_EVENT_NAMES].toSorted().join(',');
const OLDER_TYPES = EVENT_NAMES.join(',');

interface FeedOptions {
  readonly paceMs?: number;
  /** Called once WorkOS has refused the newer event types: these are not asked for any more. */
  readonly onRefusedTypes?: (types: readonly string[]) => void;
}

/** Reads WorkOS's Events API, oldest events first: 100 at a time, fewer if they are too large for one answer. */
export function createUpstreamFeed(
  upstream: Upstream,
  { paceMs = PACE_MS, onRefusedTypes }: FeedOptions = {},
): UpstreamFeed {
  let mayAskAt = 0;
  let types = ALL_TYPES;
  const askFor = async (events: string, position: Position, limit: number) => {
    const waitMs = mayAskAt - performance.now();
    mayAskAt = Math.max(mayAskAt, performance.now()) + paceMs;
    if (waitMs > 0) await sleep(waitMs);
    const query = { ...position, events, limit, order: 'asc' };
    const { data } = await upstream.call({ class: 'events', repeatable: true }, (workos) =>
      workos.get<unknown>('/events', { query }),
    );
    return pageOf(data);
  };
  /** An environment that does not know the newer types yet may refuse the whole request for them. */
  const ask = async (position: Position, limit: number): Promise<UpstreamPage> => {
    try {
      return await askFor(types, position, limit);
    } catch (error) {
      if (types === OLDER_TYPES || !isRefused(error)) throw error;
      const page = await askFor(OLDER_TYPES, position, limit);
      types = OLDER_TYPES;
      onRefusedTypes?.(NEWER_EVENT_NAMES);
      return page;
    }
  };
  const page = async (position: Position, limit: number): Promise<UpstreamPage> => {
    try {
      return await ask(position, limit);
    } catch (error) {
      if (!isTooLarge(error) || limit === 1) throw error;
      return page(position, limit / 10);
    }
  };
  return { page: (position, limit = 100) => page(position, limit) };
}

/** True if WorkOS refused the request for what it asks. */
const isRefused = (error: unknown): boolean =>
  [400, 422].includes(failureOf(error)?.facts.status ?? 0);

/** @throws UpstreamFailure `invalid-response` */
function pageOf(answer: unknown): UpstreamPage {
  const { data, list_metadata } = parseReply(Page, answer, 'a page of events');
  const read = data.map(readOne);
  const { after } = list_metadata;
  return {
    events: read.filter((one) => 'created_at' in one),
    unreadable: read.filter((one) => 'raw' in one),
    next: after && data.length > 0 ? { after } : undefined,
  };
}

/** Deeper than any event of WorkOS, and less than Postgres and this process can handle. */
const MAX_DEPTH = 100;

/** Validates one entry of the feed. */
export function readOne(value: unknown): IncomingEvent | Unreadable {
  if (isDeeperThan(value, MAX_DEPTH))
    return { source: 'feed', id: idOf(value), reason: 'nested too deeply', raw: Buffer.alloc(0) };
  try {
    return toEvent(value);
  } catch (error) {
    const raw = Buffer.from(JSON.stringify(value));
    return { source: 'feed', id: idOf(value), reason: unreadableReason(error), raw };
  }
}

/** True if the page exceeded the size limit of an answer. */
export const isTooLarge = (error: unknown): boolean =>
  failureOf(error)?.facts.reason === 'too large';

import { z } from 'zod';
import { failureOf, UpstreamFailure } from '../workos/failure.ts';
import type { Upstream } from '../workos/upstream.ts';
import { EVENT_NAMES } from './event-names.ts';
import type { IncomingEvent } from './event.ts';
import { toEvent } from './incoming.ts';

/** Where to read on: behind an event, or from a time. WorkOS takes one of them. */
export type Position = { readonly after: string } | { readonly range_start: string };

export interface FeedPage {
  /** Oldest first. */
  readonly events: readonly IncomingEvent[];
  /** How many were no events; whatever they are, they must not stop the others. */
  readonly unreadable: number;
  /** Undefined: this was the end, for now. */
  readonly next: Position | undefined;
}

export interface UpstreamFeed {
  /** @throws UpstreamFailure @throws Problem as `Upstream.call` */
  page(position: Position): Promise<FeedPage>;
}

const Page = z.object({
  data: z.array(z.unknown()),
  list_metadata: z.object({ after: z.string().nullish() }),
});

/** WorkOS's Events API, the oldest events first: 100 at a time, fewer where they are too large for one answer. */
export function createUpstreamFeed(upstream: Upstream): UpstreamFeed {
  const ask = async (position: Position, limit: number): Promise<FeedPage> => {
    const query = { ...position, events: EVENT_NAMES.join(','), limit, order: 'asc' };
    const { data } = await upstream.call({ class: 'events', repeatable: true }, (workos) =>
      workos.get<unknown>('/events', { query }),
    );
    return pageOf(data);
  };
  const page = async (position: Position, limit: number): Promise<FeedPage> => {
    try {
      return await ask(position, limit);
    } catch (error) {
      if (failureOf(error)?.facts.reason !== 'too large' || limit === 1) throw error;
      return page(position, limit / 10);
    }
  };
  return { page: (position) => page(position, 100) };
}

/** @throws UpstreamFailure `invalid-response` */
function pageOf(answer: unknown): FeedPage {
  const page = Page.safeParse(answer);
  if (!page.success)
    throw new UpstreamFailure('invalid-response', { reason: 'not a page of events' });
  const { data, list_metadata } = page.data;
  const events = data.flatMap(readable);
  const { after } = list_metadata;
  return {
    events,
    unreadable: data.length - events.length,
    next: after && data.length > 0 ? { after } : undefined,
  };
}

function readable(value: unknown): IncomingEvent[] {
  try {
    return [toEvent(value)];
  } catch {
    return [];
  }
}

import { expect, it } from '@jest/globals';
import type { Client } from '../../src/core/identity.ts';
import { createEventReplay, type ReplayDeps } from '../../src/webhooks/replay.ts';
import type { EndpointRow } from '../../src/webhooks/endpoint-row-store.ts';

const endpoint = { id: 'we_1', events: ['a.b'] } as unknown as EndpointRow;
const client = {} as Client;
const audit = {} as never;

/** A feed of pages full of events that were all delivered, without end. */
function endlessFeed() {
  let read = 0;
  const readFeed: ReplayDeps['readFeed'] = (_client, { limit }, from) => {
    read += 1;
    const first = Number(from ?? 0) + 1;
    const events = Array.from({ length: limit }, (_, n) => String(first + n));
    return Promise.resolve({ events: events.map((id) => ({ id, position: id })) });
  };
  const store = {
    pending: () => Promise.resolve(0),
    startOf: () => Promise.resolve('0'),
    missed: () => Promise.resolve([]),
    queue: (_endpoint: unknown, ids: readonly string[]) => Promise.resolve(ids.length),
  } as unknown as ReplayDeps['store'];
  return { readFeed, store, read: () => read };
}

it('ends a replay when its time is over, and the next request goes on from there', async () => {
  const { read, ...deps } = endlessFeed();
  const replay = createEventReplay({ ...deps, budgetMs: -1 });
  const missed = { isMissed: true, since: undefined, until: undefined };

  const first = await replay(client, endpoint, { ...missed, after: undefined }, audit);
  const next = await replay(client, endpoint, { ...missed, after: first.after ?? '' }, audit);

  expect([first, next]).toEqual([
    { count: 0, after: '100' },
    { count: 0, after: '200' },
  ]);
  expect(read()).toBe(2);
});

import { afterEach, beforeEach } from '@jest/globals';
import { createPoller, type Poller } from '../../src/events/intake/poller.ts';
import type { Gap } from '../../src/events/intake/positions.ts';
import { createUpstreamFeed } from '../../src/events/intake/upstream-feed.ts';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { Secret } from '../../src/core/secret.ts';
import { createUpstream, type Upstream } from '../../src/workos/upstream.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

export const SECOND = 1_000;
export const DAY = 86_400 * SECOND;
export const NOW = Date.UTC(2030, 5, 1);
export let database: TestDatabase;
export let fake: FakeWorkos;
export let upstream: Upstream;
/** Of WorkOS and of ours: milliseconds since 1970. */
export let clock: number;

export function pass(milliseconds: number): void {
  clock += milliseconds;
}

export let gaps: Gap[];
export let stored: number;

const newUpstream = () =>
  createUpstream({
    baseUrl: new URL(fake.url),
    apiKey: new Secret(fake.apiKey),
    clientId: fake.clientId,
  });

/** The tests read many pages; one of them is about the pace. */
export const NO_PACE_MS = 0;

export const newPoller = (): Poller =>
  createPoller({
    db: database.db,
    feed: createUpstreamFeed(upstream, { paceMs: NO_PACE_MS }),
    now: () => clock,
    onGap: (gap) => gaps.push(gap),
    onStored: (count) => (stored += count),
  });

export const poll = (poller = newPoller()) => poller.poll(new AbortController().signal);

export function usePoller(): void {
  beforeEach(async () => {
    [clock, gaps, stored] = [NOW, [], 0];
    [database, fake] = await Promise.all([
      createTestDatabase(),
      startFakeWorkos({ now: () => new Date(clock) }),
    ]);
    upstream = newUpstream();
  });
  afterEach(async () => {
    await upstream.close();
    await fake.stop();
    await database.stop();
  });
}

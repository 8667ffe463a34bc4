/** What may still appear in WorkOS’s feed is decided by WorkOS’s clock, not by that of this process. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { createPoller } from '../../src/events/intake/poller.ts';
import { createUpstreamFeed } from '../../src/events/intake/upstream-feed.ts';
import { Secret } from '../../src/core/secret.ts';
import { createUpstream, type Upstream } from '../../src/workos/upstream.ts';
import { MINUTE_MS, withClocks } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let fake: FakeWorkos;
let upstream: Upstream;
/** WorkOS’s. */
let clock: number;

beforeEach(async () => {
  clock = Date.now();
  [database, fake] = await Promise.all([
    createTestDatabase(),
    startFakeWorkos({ now: () => new Date(clock) }),
  ]);
  upstream = createUpstream({
    baseUrl: new URL(fake.url),
    apiKey: new Secret(fake.apiKey),
    clientId: fake.clientId,
  });
});
afterEach(async () => {
  await upstream.close();
  await fake.stop();
  await database.stop();
});

const happened = (id: string, secondsAgo: number, feedDelayMs = 0) =>
  fake.emit(
    'user.updated',
    { object: 'user', id },
    { createdAt: new Date(clock - secondsAgo * 1_000), feedDelayMs },
  );
const known = async () =>
  (
    await database.superuser<{ user: string }>(
      `select data->>'id' as user from events order by created_at, id`,
    )
  ).map(({ user }) => user);

it.each([10, -10, 600, -600])(
  'no event is missed by a worker whose clock is off by %d minutes',
  async (minutes) => {
    const poll = () =>
      withClocks({ aheadMs: minutes * MINUTE_MS }, () => {
        const poller = createPoller({
          ...{ db: database.db, feed: createUpstreamFeed(upstream) },
          now: upstream.now,
        });
        return poller.poll(new AbortController().signal);
      });
    happened('old', 3_600);
    happened('before', 200);
    happened('late', 50, 80_000);
    happened('after', 10);
    await poll();

    clock += 30_000;
    await poll();

    expect(await known()).toEqual(['old', 'before', 'late', 'after']);
  },
);

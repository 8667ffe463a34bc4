import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { EVENT_NAMES, NEWER_EVENT_NAMES } from '../../src/core/event-names.ts';
import { createIngestion } from '../../src/events/ingestion.ts';
import { createPoller } from '../../src/events/intake/poller.ts';
import { createUpstreamFeed, type UpstreamFeed } from '../../src/events/intake/upstream-feed.ts';
import type { WorkosEvent } from '../../src/dev/fake-workos/state/events.ts';
import { UpstreamFailure } from '../../src/workos/failure.ts';
import { type Upstream } from '../../src/workos/upstream.ts';
import { readFacts } from '../support/compatibility/facts-file.ts';
import { createLatch } from '../support/latch.ts';
import { readOpenApi, WORKOS_SPECIFICATION } from '../support/open-api-documents.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  SECOND,
  DAY,
  NOW,
  NO_PACE_MS,
  database,
  fake,
  upstream,
  clock,
  pass,
  gaps,
  stored,
  newPoller,
  poll,
  usePoller,
} from './poller-setup.ts';

usePoller();

const happened = (id: string, secondsAgo: number, feedDelayMs = 0): WorkosEvent =>
  fake.emit(
    'user.updated',
    { object: 'user', id },
    { createdAt: new Date(clock - secondsAgo * SECOND), feedDelayMs },
  );

const known = async () =>
  (
    await database.superuser<{ user: string }>(
      `select data->>'id' as user from events order by created_at, id`,
    )
  ).map(({ user }) => user);

const cursor = async () =>
  (
    await database.superuser<{ user: string | null }>(
      `select data->>'id' as user from feed_cursors left join events on id = cursor`,
    )
  )[0]?.user;

const requests = () => fake.requestsTo('GET /events').map(({ query }) => query);
const typesAsked = () => requests().map(({ events }) => events?.split(','));

interface Spec {
  readonly components: { readonly schemas: { readonly EventSchema: { readonly allOf: Part[] } } };
}

interface Part {
  readonly oneOf?: { readonly properties: { readonly event: { readonly const: string } } }[];
}

/** The types of the specification that is a package. */
function namesOfSpecification(): string[] {
  const spec = readOpenApi(WORKOS_SPECIFICATION) as Spec;
  return spec.components.schemas.EventSchema.allOf.flatMap(({ oneOf = [] }) =>
    oneOf.map(({ properties }) => properties.event.const),
  );
}

/** Types of the newest specification that the feed has, and webhooks have not. */
const ONLY_IN_FEED = ['dsync.token.created', 'dsync.token.revoked', 'vault.kek.deleted'];

/** The types of the newest specification, of which only facts are kept: `string [a | b][]`. */
function newestNames(): string[] {
  const { body } = readFacts().facts['POST /webhook_endpoints'] ?? {};
  return [...(body?.events?.match(/[a-z_]+(?:\.[a-z_]+)+/g) ?? []), ...ONLY_IN_FEED];
}

describe('poll', () => {
  it('asks for every event of WorkOS’s specifications', async () => {
    await poll();

    const [asked] = typesAsked();
    expect(asked).toEqual([...EVENT_NAMES, ...NEWER_EVENT_NAMES].toSorted());
    expect(EVENT_NAMES).toEqual(namesOfSpecification().toSorted());
    expect(asked).toEqual([...new Set([...namesOfSpecification(), ...newestNames()])].toSorted());
  });

  it('asks without the newer event types once WorkOS refuses them', async () => {
    happened('one', 300);
    fake.fault('GET /events', { kind: 'status', status: 422 }, { times: 1 });
    const poller = newPoller();
    await poll(poller);
    await poll(poller);

    expect(await known()).toEqual(['one']);
    expect(typesAsked().map((types) => types?.includes('api_key.updated'))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('says in the log which event types it does not ask for any more', async () => {
    fake.fault('GET /events', { kind: 'status', status: 422 }, { times: 1 });
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const ignore = () => undefined;
    const { poller } = createIngestion({
      ...{ db: database.db, upstream, handlers: [], logger },
      ...{ onStored: ignore, onFailure: ignore, onUnreadable: ignore, onGap: ignore },
    });
    await poll(poller);
    await poll(poller);

    const said = lines.map((line) => JSON.parse(line) as { level: number; msg: string });
    expect(said.filter(({ msg }) => msg.includes('newer event types'))).toEqual([
      expect.objectContaining({ level: 40, types: expect.arrayContaining(['api_key.updated']) }),
    ]);
  });

  it('goes on to ask for the newer event types if WorkOS refused something else', async () => {
    fake.fault('GET /events', { kind: 'status', status: 422 }, { times: 2 });
    await expect(poll()).rejects.toThrow('422');
    await poll();

    expect(typesAsked().at(-1)).toContain('api_key.updated');
  });

  it('starts thirty days ago and reads page after page to the end', async () => {
    for (let i = 0; i < 250; i += 1) happened(`user_${i}`, 10_000 - i);

    await poll();

    expect(requests().map(({ range_start, after }) => range_start ?? typeof after)).toEqual([
      new Date(NOW - 30 * DAY).toISOString(),
      'string',
      'string',
    ]);
    expect([(await known()).length, stored, await cursor()]).toEqual([250, 250, 'user_249']);
  });

  it('moves the cursor only past settled events, and reads the rest again', async () => {
    happened('old', 300);
    happened('young', 60);
    await poll();
    const before = await cursor();

    pass(61 * SECOND);
    await poll();

    expect([before, await cursor(), stored]).toEqual(['old', 'young', 2]);
  });

  it('stores events that appear late, behind known ones', async () => {
    happened('before', 300);
    happened('late', 50, 80 * SECOND);
    happened('after', 10);
    await poll();
    const first = await known();

    pass(30 * SECOND);
    await poll();

    expect([first, await known()]).toEqual([
      ['before', 'after'],
      ['before', 'late', 'after'],
    ]);
  });

  it('catches up on days of downtime at once', async () => {
    happened('before', 300);
    await poll();
    pass(20 * DAY);
    for (let i = 0; i < 450; i += 1) happened(`missed_${i}`, 10 * 86_400 - i);

    await poll();

    expect([(await known()).length, await cursor(), gaps]).toEqual([451, 'missed_449', []]);
  });

  it('does not move the cursor when a page cannot be stored, and reads the page again', async () => {
    for (let i = 0; i < 150; i += 1) happened(`user_${i}`, 10_000 - i);
    await database.superuser(`create function refuse() returns trigger language plpgsql as
      $$ begin if new.data->>'id' = 'user_120' then raise exception 'no'; end if; return new; end $$`);
    await database.superuser(
      'create trigger refuse before insert on events for each row execute function refuse()',
    );

    await expect(poll()).rejects.toThrow();
    const between = [await cursor(), (await known()).length];
    await database.superuser('drop trigger refuse on events');
    await poll();

    expect(between).toEqual(['user_99', 100]);
    expect([await cursor(), (await known()).length]).toEqual(['user_149', 150]);
  });

  it('starts over and reports the gap when WorkOS no longer has the cursor', async () => {
    happened('before', 300);
    await poll();
    pass(91 * DAY);
    happened('after', 300);

    await poll();

    expect(gaps).toEqual([{ from: new Date(NOW - 300 * SECOND), to: new Date(clock - 30 * DAY) }]);
    expect([await known(), await cursor()]).toEqual([['before', 'after'], 'after']);
  });

  it('continues by time when WorkOS rejects the cursor', async () => {
    const { id } = happened('before', 300);
    await poll();
    fake.state.events.delete(id);
    happened('after', 200);

    await poll();

    expect([await known(), gaps]).toEqual([['before', 'after'], []]);
  });

  it('waits as long as WorkOS says after a 429', async () => {
    const poller = newPoller();
    fake.fault('GET /events', { kind: 'status', status: 429, retryAfter: 17 }, { times: 1 });

    await expect(poll(poller)).rejects.toThrow();

    expect(poller.pauseMs()).toBe(17_000);
  });

  it('reads smaller pages when a page is too large for one answer', async () => {
    const text = 'x'.repeat(300_000);
    for (let i = 0; i < 12; i += 1)
      fake.emit('user.updated', { id: `user_${i}`, text }, { createdAt: new Date(NOW - 300_000) });

    await poll();

    expect(await known()).toHaveLength(12);
  });

  it.each([
    ['without data', 'no object', /^data /],
    ['nested too deeply', JSON.parse('['.repeat(150) + ']'.repeat(150)) as unknown, /^nested/],
  ])('skips an entry that is no valid event: %s', async (_what, data, reason) => {
    happened('one', 300);
    const odd = happened('odd', 300);
    Object.assign(fake.state.events.get(odd.id) ?? {}, { data });
    happened('two', 299);

    await poll();

    expect(await known()).toEqual(['one', 'two']);
    expect(
      await database.superuser('select id, source, reason from unreadable_events'),
    ).toMatchObject([{ id: odd.id, source: 'feed', reason: expect.stringMatching(reason) }]);
  });

  it('skips an event that is too large for any answer, and reports it once', async () => {
    happened('one', 300);
    const huge = happened('huge', 250);
    happened('two', 200);
    happened('three', 60);
    const real = createUpstreamFeed(upstream, { paceMs: NO_PACE_MS });
    const feed: UpstreamFeed = {
      async page(position, limit) {
        const page = await real.page(position, limit);
        const at = page.events.findIndex(({ id }) => id === huge.id);
        if (at === 0) throw new UpstreamFailure('invalid-response', { reason: 'too large' });
        if (at < 0) return page;
        const events = page.events.slice(0, at);
        return { ...page, events, next: { after: events.at(-1)?.id ?? '' } };
      },
    };

    const poller = createPoller({ db: database.db, feed, now: () => clock });
    await poll(poller);
    await poll(poller);

    expect(await known()).toEqual(['one', 'two', 'three']);
    expect(await database.superuser('select id, source from unreadable_events')).toEqual([
      { id: `too-large-before-${new Date(NOW - 250 * SECOND + 1).toISOString()}`, source: 'feed' },
    ]);
  });

  it('ends a round when a cursor of the feed repeats', async () => {
    const { id } = happened('one', 300);
    fake.fault('GET /events', {
      kind: 'status',
      status: 200,
      body: {
        data: [{ id: 'event_x', event: 'user.updated', data: {}, created_at: new Date(clock) }],
        list_metadata: { after: id },
      },
    });

    await expect(poll()).rejects.toThrow('a page without a new event');
  });

  it('ends a round when a page has no new event, whatever its cursor is', async () => {
    const one = {
      id: 'event_x',
      event: 'user.updated',
      data: {},
      created_at: new Date(clock).toISOString(),
    };
    let pages = 0;
    const feed: UpstreamFeed = {
      page: () =>
        Promise.resolve({ events: [one], unreadable: [], next: { after: `c${(pages += 1)}` } }),
    };

    await expect(poll(createPoller({ db: database.db, feed, now: () => clock }))).rejects.toThrow(
      'a page without a new event',
    );
    expect(pages).toBe(2);
  });

  it('ends a round of an endless feed, and reports it', async () => {
    const rounds: unknown[] = [];
    let pages = 0;
    const feed: UpstreamFeed = {
      page: () => {
        pages += 1;
        const event = {
          event: 'user.updated',
          data: {},
          created_at: new Date(clock).toISOString(),
        };
        return Promise.resolve({
          events: [{ ...event, id: `event_${pages}` }],
          unreadable: [],
          next: { after: `event_${pages}` },
        });
      },
    };
    const onLongRound = (round: object) => rounds.push(round);

    const limits = { now: () => clock, maxPages: 20 };
    const poller = createPoller({ db: database.db, feed, onLongRound, ...limits });
    await poll(poller);

    expect([pages, rounds, poller.pauseMs()]).toEqual([20, [{ pages: 20, at: null }], 20_000]);
  });

  it('waits at least a tenth of a second between pages', async () => {
    const page = { data: [], list_metadata: {} };
    const atOnce = { ...upstream, call: () => Promise.resolve({ data: page }) } as Upstream;
    const feed = createUpstreamFeed(atOnce);
    const began = performance.now();

    for (let asked = 0; asked < 4; asked += 1) await feed.page({ after: 'event_1' });

    // Timers of Node may fire a millisecond early.
    expect(performance.now() - began).toBeGreaterThan(295);
  });

  it('ignores an implausible time: the cursor passes the event and keeps its own time', async () => {
    happened('one', 300);
    await poll();
    const odd = ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.000Z'].map((created_at, i) => ({
      ...{ id: `event_odd${i}`, event: 'user.updated', data: { id: `odd${i}` }, created_at },
    }));
    const feed: UpstreamFeed = {
      page: () => Promise.resolve({ events: odd, unreadable: [], next: undefined }),
    };
    await poll(createPoller({ db: database.db, feed, now: () => clock }));

    expect(await database.superuser('select cursor, cursor_at from feed_cursors')).toEqual([
      { cursor: 'event_odd1', cursor_at: new Date(NOW - 300 * SECOND) },
    ]);
  });

  it('does not move the cursor if another process has taken over', async () => {
    const gate = createLatch();
    happened('one', 300);
    fake.fault('GET /events', { kind: 'hold', until: gate.opened, before: true }, { times: 1 });
    const slow = poll();
    await waitFor(() => requests().length === 1);
    await poll();
    happened('two', 299);
    await poll();

    gate.open();

    await expect(slow).rejects.toMatchObject({ name: 'NotTheLeader' });
    expect(await cursor()).toBe('two');
  });
});

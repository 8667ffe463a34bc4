import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Terminal } from '../../../src/cli/output.ts';
import { runCommand } from '../../../src/cli/command.ts';
import { PARKED } from '../../../src/cli/parked.ts';
import { createApplier, type EventFailure } from '../../../src/events/apply/applier.ts';
import type { EventHandler, IncomingEvent } from '../../../src/events/inbox/event.ts';
import { createInbox, insertOrSetAside } from '../../../src/events/inbox/intake-store.ts';
import { keepUnreadable } from '../../../src/events/inbox/parked-store.ts';
import { backlogOf, insertEvents } from '../../../src/events/inbox/store.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

let seen: string[];
let parked: EventFailure[];
let clock: number;
let isMended: boolean;
beforeEach(async () => {
  [seen, parked, clock, isMended] = [[], [], 0, false];
  await database.superuser('delete from events');
  await database.superuser('delete from unreadable_events');
});

/** Fails each event whose id begins with `poison`, as this statement does. */
const failing =
  (statement: string): EventHandler =>
  async (tx, { id }) => {
    if (!isMended && id.startsWith('poison')) await tx.query(statement);
    seen.push(id);
  };
const applierOf = (statement = 'select 1 / 0') =>
  createApplier({
    db: database.db,
    handlers: [failing(statement)],
    onParked: (failure) => parked.push(failure),
    now: () => clock,
  });
const event = (id: string, organization = 'org_1'): IncomingEvent => ({
  id,
  event: 'connection.activated',
  data: { id: 'conn_1', organization_id: organization },
  created_at: new Date(Date.UTC(2030, 0, 1) + (count += 1)).toISOString(),
});
let count = 0;
const insert = (...events: IncomingEvent[]) => insertEvents(database.db, events, 'feed');
async function rounds(applier: ReturnType<typeof applierOf>, times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    await applier.applyWaiting();
    clock += 2 ** round * 1_000;
  }
}
const parkedIds = () => parked.map((one) => one.event.id);

describe('an event that cannot be applied', () => {
  it('is parked after some failures, and later events are applied', async () => {
    await insert(event('poison'), event('next'), event('other', 'org_2'));
    const applier = applierOf();

    await rounds(applier, 4);
    const before = [...seen];
    await rounds(applier, 2);

    expect([before, seen, parkedIds()]).toEqual([['other'], ['other', 'next'], ['poison']]);
    expect(
      await database.superuser('select id, parked_reason from events where parked_at is not null'),
    ).toEqual([{ id: 'poison', parked_reason: expect.stringMatching(/^failed 5 times: .*22012/) }]);
    expect(await backlogOf(database.db)).toMatchObject({ waiting: 0, parked: 1, lag: 0 });
  });

  it('is also parked if it fails the whole batch, and the others are applied', async () => {
    await insert(event('first', 'org_0'), event('poison'), event('next'));
    await insert(...Array.from({ length: 3 }, (_, i) => event(`other-${i}`, `org_2${i}`)));
    const applier = applierOf(`do $$ begin raise exception sqlstate 'XX000'; end $$`);

    await rounds(applier, 1);
    const before = seen.toSorted();
    await rounds(applier, 6);

    expect([...new Set(before)]).toEqual(['first', 'other-0', 'other-1', 'other-2']);
    expect(parkedIds()).toEqual(['poison']);
    expect(seen).toContain('next');
  });

  it('is not parked while everything fails', async () => {
    await insert(...Array.from({ length: 40 }, (_, i) => event(`poison-${i}`, `org_${i}`)));
    const applier = applierOf();

    await rounds(applier, 8);
    const during = parked.length;
    isMended = true;
    await rounds(applier, 9);

    expect([during, parked.length, new Set(seen).size]).toEqual([0, 0, 40]);
  });

  it('is not parked while the database is read-only', async () => {
    await insert(event('poison'), event('next'));
    const applier = applierOf(`do $$ begin raise exception sqlstate '25006'; end $$`);

    for (let round = 0; round < 8; round += 1) await applier.applyWaiting().catch(() => undefined);
    isMended = true;
    await applier.applyWaiting();

    expect([parked, seen]).toEqual([[], ['poison', 'next']]);
  });

  it('does not hold back other events, even in large numbers', async () => {
    await insert(...Array.from({ length: 1_200 }, (_, i) => event(`poison-${i}`, `org_${i}`)));
    await insert(event('good', 'org_good'));

    await applierOf().applyWaiting();

    expect(seen).toEqual(['good']);
  });
});

describe('gatehouse events parked', () => {
  const run = async (...args: string[]) => {
    let [out, err] = ['', ''];
    const terminal: Terminal = {
      shown: false,
      attended: false,
      out: (text) => (out += text),
      err: (text) => (err += text),
      ask: () => Promise.resolve(''),
    };
    const code = await runCommand('events', { parked: PARKED }, ['parked', ...args], {
      terminal,
      db: database.db,
    });
    return { code, err, answer: (out === '' ? {} : JSON.parse(out)) as Record<string, unknown> };
  };
  const parkOne = async () => {
    await insert(event('poison'));
    await rounds(applierOf(), 12);
    const readable = Buffer.from(JSON.stringify(event('now-readable', 'org_3')));
    const odd = Buffer.from('no JSON');
    await keepUnreadable(database.db, [
      { source: 'webhook', id: 'now-readable', reason: 'an older release said no', raw: readable },
      { source: 'webhook', reason: 'is not JSON', raw: odd },
    ]);
  };

  it('lists them, retries them, and reports which could not be retried', async () => {
    await parkOne();

    const list = await run('list');
    const retried = await run('retry', '--all', '--json');
    isMended = true;
    await applierOf().applyWaiting();
    const rest = await run();

    expect(list).toMatchObject({
      code: 0,
      answer: {
        data: [
          { id: 'poison', kind: 'failed', organization_id: 'org_1' },
          { id: 'now-readable', kind: 'unreadable', source: 'webhook' },
          { kind: 'unreadable', reason: 'is not JSON' },
        ],
      },
    });
    expect(retried).toMatchObject({
      code: 1,
      answer: {
        retried: ['poison', 'now-readable'],
        failed: [{ problem: expect.stringContaining('is still unreadable') }],
      },
    });
    expect(seen.toSorted()).toEqual(['now-readable', 'poison']);
    expect(rest.answer.data).toHaveLength(1);
    expect(
      await database.superuser('select operation, outcome, details from audit_trail order by id'),
    ).toMatchObject([
      { operation: 'events parked retry', outcome: 'succeeded', details: { event_id: 'poison' } },
      { operation: 'events parked retry', details: { event_id: 'now-readable' } },
    ]);
  });

  it('retries the others if one is nested too deeply', async () => {
    const deep = (id: string, source: 'webhook' | 'feed') => ({
      ...{ source, id, reason: 'nested too deeply' },
      raw: Buffer.from(
        JSON.stringify(event(id)).replace('"conn_1"', '['.repeat(100_000) + ']'.repeat(100_000)),
      ),
    });
    await keepUnreadable(database.db, [deep('a-deep', 'webhook'), deep('b-deep', 'feed')]);
    await parkOne();

    const retried = await run('retry', '--all');

    expect(retried).toMatchObject({
      code: 1,
      answer: {
        retried: expect.arrayContaining(['poison']),
        failed: expect.arrayContaining([
          { id: 'a-deep', problem: expect.stringContaining('is still unreadable') },
          { id: 'b-deep', problem: expect.stringContaining('is still unreadable') },
        ]),
      },
    });
  });

  it('drops them for good, and requires ids or --all', async () => {
    await parkOne();

    const unsaid = await run('drop');
    const unknown = await run('drop', '--id', 'poison', '--id', 'nobody');
    const all = await run('drop', '--all');
    await insert(event('poison'));
    isMended = true;
    await applierOf().applyWaiting();

    expect([unsaid.code, unsaid.err]).toEqual([2, expect.stringContaining('--all')]);
    expect(unknown).toMatchObject({
      code: 1,
      answer: { dropped: ['poison'], failed: [{ id: 'nobody', problem: 'is not parked' }] },
    });
    expect(all.code).toBe(0);
    expect([(await run('list')).answer.data, seen]).toEqual([[], []]);
    expect(await backlogOf(database.db)).toMatchObject({ waiting: 0, parked: 0 });
  });
});

describe('an event that Postgres rejects', () => {
  beforeAll(() =>
    database.superuser(
      `create function refuse_value() returns trigger language plpgsql as $$ begin
         raise exception 'refused' using errcode = '22003'; end $$;
       create trigger refuse_value before insert on events for each row
         when (new.id like 'poison%') execute function refuse_value()`,
    ),
  );
  afterAll(() => database.superuser('drop trigger refuse_value on events'));

  const stored = () =>
    database.superuser<{ id: string }>(
      `select id from events union all select 'aside ' || id from unreadable_events order by id`,
    );

  it('is set aside, and the others of its page are stored', async () => {
    const inserted = await database.db.transaction((tx) =>
      insertOrSetAside(tx, [event('first'), event('poison'), event('last')], 'feed'),
    );

    expect(inserted).toEqual({ events: ['first', 'last'], unreadable: ['poison'] });
    expect((await stored()).map(({ id }) => id)).toEqual(['aside poison', 'first', 'last']);
  });

  it('is set aside, and the webhooks that came with it are stored', async () => {
    const aside: string[] = [];
    let count = 0;
    const inbox = createInbox({
      db: database.db,
      onStored: (more) => (count += more),
      onUnreadable: (id) => aside.push(id),
    });

    await Promise.all(['first', 'poison', 'last'].map((id) => inbox.add(event(id))));

    expect(aside).toEqual(['poison']);
    expect(count).toBe(2);
    expect((await stored()).map(({ id }) => id)).toEqual(['aside poison', 'first', 'last']);
  });
});

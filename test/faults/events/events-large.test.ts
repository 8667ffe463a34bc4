import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Queryable } from '../../../src/core/ports.ts';
import type { Database } from '../../../src/db/database.ts';
import { createApplier, type EventFailure } from '../../../src/events/apply/applier.ts';
import type { IncomingEvent } from '../../../src/events/inbox/event.ts';
import { insertEvents } from '../../../src/events/inbox/store.ts';
import { readWaiting } from '../../../src/events/inbox/waiting-store.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());
beforeEach(() => database.superuser('delete from events'));

const event = (id: string, more: object = {}): IncomingEvent => ({
  id,
  event: 'connection.activated',
  data: { id: 'conn_1', organization_id: `org_${id}`, ...more },
  created_at: '2030-01-01T00:00:00.000Z',
});
const large = () => ({ large: randomBytes(675_000).toString('base64') });
const waiting = async () =>
  (await database.superuser<{ id: string }>('select id from events where position is null')).length;

/** A database whose statement that reads what waits takes too long, for as long as this says so. */
function slowWhere(isSlow: (limit: number) => boolean): Database {
  const slow = (tx: Queryable): Queryable => ({
    ...tx,
    query: (statement, values) => {
      const isRead = typeof statement === 'object' && statement.name === 'waiting-events';
      if (!isRead || !isSlow(Number(values?.[1]))) return tx.query(statement, values);
      return Promise.reject(
        Object.assign(new Error('canceled'), { code: '57014', severity: 'ERROR' }),
      );
    },
  });
  return {
    ...database.db,
    transaction: (work) => database.db.transaction((tx) => work(slow(tx))),
  };
}

describe('a backlog of large events', () => {
  it('is read in batches of some megabytes', async () => {
    for (let i = 0; i < 12; i += 1)
      await insertEvents(database.db, [event(`event_${i}`, large())], 'webhook');

    const batch = await readWaiting(database.db, [], 100);
    await createApplier({ db: database.db, handlers: [] }).applyWaiting();

    expect([batch.length, await waiting()]).toEqual([5, 0]);
  });

  it('is read in smaller batches if reading takes too long', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => `event_${i}`);
    await insertEvents(
      database.db,
      ids.map((id) => event(id)),
      'webhook',
    );

    await createApplier({ db: slowWhere((limit) => limit > 2), handlers: [] }).applyWaiting();

    expect(await waiting()).toBe(0);
  });

  it('holds back an event that alone takes too long, and applies the others', async () => {
    await insertEvents(database.db, [event('event_1'), event('event_2')], 'webhook');
    const failures: EventFailure[] = [];
    let isSlow = true;
    const applier = createApplier({
      db: slowWhere(() => isSlow),
      handlers: [],
      onFailure: (failure) => failures.push(failure),
    });

    await expect(applier.applyWaiting()).rejects.toThrow('canceled');
    isSlow = false;
    await applier.applyWaiting();

    expect(failures.map((one) => one.event.id)).toEqual(['event_1']);
    expect(await database.superuser('select id from events where position is null')).toEqual([
      { id: 'event_1' },
    ]);
  });
});

describe('events of the same millisecond', () => {
  it('start with the creation of their organization', async () => {
    const created = { ...event('event_z'), event: 'organization.created' };
    await insertEvents(database.db, [event('event_a'), created], 'webhook');

    const batch = await readWaiting(database.db, [], 100);

    expect(batch.map(({ id }) => id)).toEqual(['event_z', 'event_a']);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createApplier, type Applier, type EventFailure } from '../../src/events/apply/applier.ts';
import type { AppliedEvent, EventHandler, IncomingEvent } from '../../src/events/inbox/event.ts';
import { recordEvent } from '../../src/events/inbox/gatehouse-events.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let seen: AppliedEvent[];
beforeEach(async () => {
  database = await createTestDatabase();
  seen = [];
});
afterEach(() => database.stop());

const see: EventHandler = (_tx, event) => {
  seen.push(event);
  return Promise.resolve();
};
const applier = (...handlers: EventHandler[]): Applier =>
  createApplier({ db: database.db, handlers });
const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString();
const event = (
  id: string,
  second: number,
  data: IncomingEvent['data'] = { id: `conn_${id}`, organization_id: 'org_1' },
  name = 'connection.activated',
): IncomingEvent => ({ id, event: name, data, created_at: at(second) });
const insert = (...events: IncomingEvent[]) => insertEvents(database.db, events, 'webhook');
const tenant = (id: string, organizationId: string | null, created: number, former?: string) =>
  database.superuser(
    `insert into tenants (id, organization_id, former_organization_id, status, name, domains, metadata, created_at, updated_at)
     values ($1, $2, $3, 'active', $1, '[]', '{}', $4, $5)`,
    [id, organizationId, former, at(created), at(created + 10)],
  );
const ids = () => seen.map(({ id }) => id);

describe('applyWaiting', () => {
  it('assigns positions in the order of creation, once per event', async () => {
    await insert(event('b', 2), event('a', 1), event('b', 2));
    await insert(event('c', 3), event('a', 1));

    const counts = [await applier(see).applyWaiting(), await applier(see).applyWaiting()];

    expect(counts).toEqual([3, 0]);
    expect(seen.map(({ id, position }) => [id, position])).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]);
    expect(
      await database.superuser('select id, position::int from events order by position'),
    ).toEqual([
      { id: 'a', position: 1 },
      { id: 'b', position: 2 },
      { id: 'c', position: 3 },
    ]);
  });

  it('assigns each event the tenant of its organization, unless it is older than the tenant', async () => {
    await tenant('acme', 'org_1', 10);
    await tenant('buried', null, 10, 'org_2');
    await insert(
      event('before', 9),
      event('after', 11),
      event('about', 12, { object: 'organization', id: 'org_1' }),
      event('of-none', 13, { id: 'user_1' }),
      event('of-a-stranger', 14, { organization_id: 'org_3' }),
      event('of-the-buried', 15, { organization_id: 'org_2' }),
      event('after-its-burial', 30, { organization_id: 'org_2' }),
      event('its-end', 31, { object: 'organization', id: 'org_2' }, 'organization.deleted'),
    );

    await applier(see).applyWaiting();

    expect(seen.map(({ id, tenantId }) => [id, tenantId])).toEqual([
      ['before', null],
      ['after', 'acme'],
      ['about', 'acme'],
      ['of-none', null],
      ['of-a-stranger', null],
      ['of-the-buried', 'buried'],
      ['after-its-burial', null],
      ['its-end', 'buried'],
    ]);
    expect(
      await database.superuser('select id, tenant_id from events where tenant_id is not null'),
    ).toHaveLength(4);
  });

  it('holds back an event whose handler fails and later ones of its organization, and applies the others', async () => {
    const failures: EventFailure[] = [];
    const poison: EventHandler = async (tx, { id }) => {
      await tx.query(`insert into settings (name, value) values ($1, 'x')`, [id]);
      if (id === 'poison') await tx.query('select 1 / 0');
    };
    const { applyWaiting } = createApplier({
      db: database.db,
      handlers: [poison, see],
      onFailure: (failure) => failures.push(failure),
    });
    await insert(
      event('first', 1),
      event('poison', 2),
      event('next', 3),
      event('other', 4, { organization_id: 'org_2' }),
    );

    const counts = [await applyWaiting(), await applyWaiting()];

    expect([counts, ids()]).toEqual([
      [2, 0],
      ['first', 'other'],
    ]);
    expect(failures.map((one) => [one.event.id, one.failures])).toEqual([['poison', 1]]);
    expect(await database.superuser('select name from settings order by 1')).toEqual([
      { name: 'first' },
      { name: 'other' },
    ]);
    expect(await applier(see).applyWaiting()).toBe(2);
    expect(ids()).toEqual(['first', 'other', 'poison', 'next']);
  });

  it('gets past more failing events than it reads at once', async () => {
    const poisonous = Array.from({ length: 150 }, (_, i) =>
      event(`poison-${i}`, 1, { organization_id: `org_${i}` }),
    );
    await insert(...poisonous, event('good', 2, { organization_id: 'org_good' }));
    const refuse: EventHandler = (_tx, { id }) =>
      id.startsWith('poison') ? Promise.reject(new Error('no')) : Promise.resolve();

    const count = await applier(refuse, see).applyWaiting();

    expect([count, ids()]).toEqual([1, ['good']]);
  });

  it('stores text that Postgres rejects', async () => {
    await insert(event('odd', 1, { organization_id: 'org_1', name: 'a\0b\ud800c\\u0000' }));

    await applier(see).applyWaiting();

    expect(seen[0]?.data.name).toBe('a\uFFFDb\uFFFDc\\u0000');
  });

  it('places our own events after their causes', async () => {
    const report: EventHandler = (tx, { tenantId, id }) =>
      id === 'cause'
        ? recordEvent(tx, { event: 'gatehouse.tenant.orphaned', tenantId, data: { id: tenantId } })
        : Promise.resolve();
    await tenant('acme', 'org_1', 0);
    await insert(event('cause', 1));

    await applier(report, see).applyWaiting();

    expect(seen[1]).toMatchObject({
      event: 'gatehouse.tenant.orphaned',
      id: expect.stringMatching(/^event_[0-9A-Z]{26}$/),
      tenantId: 'acme',
      organizationId: null,
      position: '2',
      data: { id: 'acme' },
    });
  });

  it('applies each event once with several appliers', async () => {
    await insert(...Array.from({ length: 250 }, (_, i) => event(`e${i}`, i % 50)));

    await Promise.allSettled(Array.from({ length: 4 }, () => applier(see).applyWaiting()));
    // On a busy machine one may wait too long for its turn; it has then applied nothing, and tries again.
    await applier(see).applyWaiting();

    expect(new Set(ids()).size).toBe(250);
    expect(seen).toHaveLength(250);
  });
});

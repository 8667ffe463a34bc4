/** The statement of a round does what the ledger in memory does, which the simulation runs on. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createUpstreamBudgetStore,
  type UpstreamBudgetStore,
} from '../../../src/upstream-budget/store.ts';
import { NONE } from '../../../src/workos/budget/amounts.ts';
import type { Answered, Report } from '../../../src/workos/budget/exchange.ts';
import { policyOf } from '../../../src/workos/budget/policy.ts';
import { createLedger } from '../../support/budget-ledger.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let store: UpstreamBudgetStore;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createUpstreamBudgetStore(database.db);
});
afterAll(() => database.stop());

/** A budget that hardly fills up while a test runs. */
const policy = { ...policyOf(6_000), perSecond: 0.001 };
const report = (fields: Partial<Report> = {}): Report => ({
  id: randomUUID(),
  policy,
  take: NONE,
  share: 0,
  wants: new Map(),
  used: undefined,
  holds: new Map(),
  ...fields,
});
const amountsOf = ({ level, granted }: Answered) => [Math.round(level), Math.round(granted)];
const setLevel = (level: number, secondsAgo = 0) =>
  database.db.query(
    `insert into upstream_buckets (name, level, updated_at)
       values ('all', $1, now() - $2::float8 * interval '1 s')
     on conflict (name) do update set level = excluded.level, updated_at = excluded.updated_at`,
    [level, secondsAgo],
  );

it.each([
  ['nothing', NONE],
  ['less than there is', { login: 3, interactive: 5, ordinary: 10, batch: 20 }],
  ['more than there is', { login: 3, interactive: 50, ordinary: 300, batch: 300 }],
  ['more batch work than may touch the reserve', { ...NONE, batch: 300 }],
  ['more logins than there is', { login: 400, interactive: 10, ordinary: 0, batch: 0 }],
  ['more logins than are ever paid back', { ...NONE, login: 9_000 }],
  ['what is left, back', { ...NONE, login: -7 }],
])('Postgres leases as the simulation does: %s', async (_what, take) => {
  const ledger = createLedger(() => 0);
  const first = report({ take: { ...NONE, ordinary: 20 } });
  const then = report({ take });
  await setLevel(policy.burst);

  const expected = [await ledger.exchange.meet(first), await ledger.exchange.meet(then)];
  const found = [await store.exchange.meet(first), await store.exchange.meet(then)];

  expect(found.map(amountsOf)).toEqual(expected.map(amountsOf));
});

it('the bucket fills up with time, and never above the burst', async () => {
  const perSecond = { ...policy, perSecond: 10 };
  await setLevel(20, 3);
  const after3s = await store.exchange.meet(report({ policy: perSecond }));
  await setLevel(20, 3_600);
  const after1h = await store.exchange.meet(report({ policy: perSecond }));

  expect([Math.floor(after3s.level), after1h.level]).toEqual([50, policy.burst]);
});

it('the share of a process that is not heard of is kept for it, for a minute', async () => {
  const absent = report({ policy: { ...policy, perSecond: 10 }, share: 6 });
  const seen = (secondsAgo: number) =>
    database.db.query(
      `update upstream_processes set seen_at = now() - $2::float8 * interval '1 s' where id = $1`,
      [absent.id, secondsAgo],
    );
  await store.exchange.meet(absent);
  await seen(20);
  await setLevel(0, 10);
  const during = await store.exchange.meet(report({ policy: { ...policy, perSecond: 10 } }));
  await seen(100);
  await setLevel(0, 10);
  const after = await store.exchange.meet(report({ policy: { ...policy, perSecond: 10 } }));
  const next = await store.exchange.meet(report());

  expect([Math.round(during.level), Math.round(after.level)]).toEqual([40, 100]);
  expect(next.processes.map(({ id }) => id)).not.toContain(absent.id);
});

it('processes learn of each other’s wants, use and holds, and of none that has left', async () => {
  const want = { ...NONE, batch: 4 };
  const one = report({
    share: 5,
    wants: new Map([['orders', want]]),
    used: new Map([['orders', { ...NONE, ordinary: 7 }]]),
    holds: new Map([['organizations delete', 60_000]]),
  });
  const other = report();
  await store.exchange.meet(one);
  // What is unchanged is not told again.
  await store.exchange.meet({ ...one, used: undefined, holds: new Map() });
  const known = await store.exchange.meet(other);
  await store.exchange.leave(one.id, 0, policy.burst);
  const left = await store.exchange.meet(other);

  expect(known.processes.find(({ id }) => id === one.id)).toMatchObject({
    share: 5,
    wants: one.wants,
    used: one.used,
  });
  expect(known.holds.get('organizations delete')).toBeGreaterThan(59_000);
  expect(left.processes.map(({ id }) => id)).not.toContain(one.id);
});

it('two processes that lease at once get no more than there is', async () => {
  await setLevel(100);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      store.exchange.meet(report({ take: { ...NONE, interactive: 30 } })),
    ),
  );

  expect(Math.round(answers.reduce((sum, { granted }) => sum + granted, 0))).toBe(100);
});

it('rows that are of no use any more are deleted', async () => {
  await store.take({ name: 'old', most: 1, perSecond: 1, batch: 1 });
  await database.db.query(`update upstream_buckets set updated_at = now() - interval '1 h'`);
  await database.db.query(
    `insert into upstream_holds (operation, until) values ('old', now() - interval '1 s')`,
  );
  await store.exchange.meet(report());

  const rows = await database.db.query<{ name: string }>(
    `select name from upstream_buckets union all select operation from upstream_holds where until < now()`,
  );
  expect(rows.map(({ name }) => name)).toEqual(['all']);
});

it('a limit of WorkOS’s own is shared by all who take from it', async () => {
  const limit = { name: 'delete organization', most: 10, perSecond: 0.01, batch: 1 };
  const taken = await Promise.all(Array.from({ length: 25 }, () => store.take(limit)));

  expect(taken.filter(Boolean)).toHaveLength(10);
});

describe('after the database’s clock was set back by an hour', () => {
  it('holds and processes of before it are forgotten', async () => {
    await database.db.query(
      `insert into upstream_holds (operation, until)
       values ('of-later', now() + interval '1 h'), ('told-again', now() + interval '1 h')`,
    );
    const killed = report({ wants: new Map([['orders', { ...NONE, batch: 4 }]]) });
    await store.exchange.meet(killed);
    await database.db.query(
      `update upstream_processes set seen_at = now() + interval '1 h' where id = $1`,
      [killed.id],
    );

    const seen = await store.exchange.meet(report({ holds: new Map([['told-again', 5_000]]) }));
    const then = await store.exchange.meet(report());

    expect(seen.processes.map(({ id }) => id)).not.toContain(killed.id);
    expect(then.holds.get('told-again')).toBeLessThanOrEqual(5_000);
    expect([...seen.holds.keys(), ...then.holds.keys()]).not.toContain('of-later');
  });

  it('a used-up limit of WorkOS’s own is not used up for an hour', async () => {
    const limit = { name: 'delete user', most: 2, perSecond: 1, batch: 2 };
    await store.take(limit);
    await database.db.query(
      `update upstream_buckets set updated_at = now() + interval '1 h' where name = $1`,
      [limit.name],
    );

    expect([await store.take(limit), await store.take(limit)]).toEqual([true, false]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { joinLeaderElection, type Leadership } from '../../src/process/leader-election.ts';
import { Secret } from '../../src/core/secret.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let candidates: Leadership[];
beforeEach(async () => {
  database = await createTestDatabase();
  candidates = [];
});
afterEach(async () => {
  await Promise.all(candidates.map((one) => one.stop()));
  await database.stop();
});

function seek(): Leadership {
  const one = joinLeaderElection({
    url: new Secret(database.url),
    channel: 'gatehouse_events',
    onNotification: () => undefined,
    onChange: () => undefined,
    onFailure: () => undefined,
  });
  candidates.push(one);
  return one;
}
const term = async () =>
  (await database.superuser<{ term: string }>('select term from leases'))[0]?.term;
const anotherTakesOver = () =>
  database.superuser(
    `update leases set holder = gen_random_uuid(), term = term + 1, until = now() + interval '10 seconds'`,
  );

describe('leadership', () => {
  it('is one process’s, and grows its term when it changes hands', async () => {
    const first = seek();
    await waitFor(() => first.leading());
    const second = seek();
    const before = [second.leading(), await term()];

    await first.stop();
    await waitFor(() => second.leading());

    expect([before, first.leading(), await term()]).toEqual([[false, '1'], false, '2']);
  });

  it('fences what its former holder still writes', async () => {
    const first = seek();
    await waitFor(() => first.leading());
    const fence = first.fence();
    await anotherTakesOver();

    const late = database.db.transaction(async (tx) => {
      await tx.query(`insert into settings (name, value) values ('late', 'x')`);
      await fence?.(tx);
    });

    await expect(late).rejects.toMatchObject({ name: 'NotTheLeader' });
    expect(await database.superuser(`select name from settings where name = 'late'`)).toEqual([]);
    await waitFor(() => !first.leading());
    expect(first.fence()).toBeUndefined();
  });

  it('is not held by a lease of before the database’s clock was set back', async () => {
    const first = seek();
    await waitFor(() => first.leading());
    await database.superuser(
      `update leases set holder = gen_random_uuid(), until = now() + interval '10 minutes'`,
    );

    const isTaken = await waitFor(async () => (await term()) === '2');

    expect(isTaken).toBe(true);
  });

  it('cannot be taken over between a fenced write and its commit', async () => {
    const first = seek();
    await waitFor(() => first.leading());
    const order: string[] = [];

    const written = database.db.transaction(async (tx) => {
      await first.fence()?.(tx);
      const taken = anotherTakesOver().then(() => order.push('taken'));
      await waitFor(async () => {
        const rows = await database.superuser(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        return rows.length > 0;
      });
      order.push('written');
      return { taken };
    });
    await (
      await written
    ).taken;

    expect(order).toEqual(['written', 'taken']);
  });
});

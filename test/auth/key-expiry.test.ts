/** Keys expire by the clock of Postgres, which all replicas and the command line share. */
import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS, withClocks } from '../support/clock.ts';
import { holdLock } from '../support/interleave.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

const gatehouse = useGatehouse();

/** @param minutes until the key expires, by the clock of Postgres */
async function keyThatExpiresIn(minutes: number): Promise<string> {
  const { id, key } = await gatehouse.createClient();
  await gatehouse.database.superuser(
    `update client_keys set expires_at = now() + make_interval(mins => $2) where client_id = $1`,
    [id, minutes],
  );
  return key;
}

const read = async (key: string): Promise<number> =>
  (await fetch(`${gatehouse.url}/v1/tenants`, { headers: { authorization: `Bearer ${key}` } }))
    .status;

describe('a replica whose clock is wrong', () => {
  it('refuses a key that has expired, although its own clock is ten minutes behind', async () => {
    const key = await keyThatExpiresIn(-5);

    expect(await withClocks({ aheadMs: -10 * MINUTE_MS }, () => read(key))).toBe(401);
  });

  it('accepts a key that has not expired, although its own clock is ten minutes ahead', async () => {
    const key = await keyThatExpiresIn(5);

    expect(await withClocks({ aheadMs: 10 * MINUTE_MS }, () => read(key))).toBe(200);
  });
});

it('a replica that was paused while it read a key refuses the key that expired meanwhile', async () => {
  const { superuserUrl, superuser } = gatehouse.database;
  const key = await keyThatExpiresIn(5);
  const lock = await holdLock({ url: superuserUrl }, 'lock table client_keys');
  const answer = read(key);
  await waitFor(async () => (await superuser(WAITS_FOR_A_LOCK)).length > 0);

  const status = await withClocks(
    { aheadMs: 10 * MINUTE_MS, passedMs: 10 * MINUTE_MS },
    async () => {
      await lock.release();
      return answer;
    },
  );

  expect(status).toBe(401);
});

const WAITS_FOR_A_LOCK = `select from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

/** A worker that stood still for longer than its job is reserved, while another one took the job. */
import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { openJobs } from '../../src/db/jobs.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { keyOf, type DeliveryJob } from '../../src/webhooks/delivery-jobs.ts';
import { MINUTE_MS, withClocks } from '../support/clock.ts';
import { holdLock } from '../support/interleave.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  activated,
  api,
  deliver,
  endpoint,
  gatehouse,
  happen,
  jobs,
  jobsLeft,
  receiver,
  settled,
  stateOf,
  stops,
  useDeliveries,
} from './deliveries-setup.ts';

useDeliveries();

/** Returns expired jobs to the queue whenever it takes some. */
const jobsOfWorker = () => {
  const { db } = gatehouse.database;
  const opened = openJobs<DeliveryJob>({ db, queue: 'deliveries', expireEveryMs: 0 });
  stops.push(() => opened.stop());
  return opened;
};

it.each([
  ['first', [0, 1]],
  ['last', [1, 0]],
] as const)(
  'leaves one job of a failed delivery, if the late one is recorded %s',
  async (_when, order) => {
    const to = await endpoint('/late');
    const event = activated();
    await happen(event);
    const held: ServerResponse[] = [];
    receiver.answer = (_request, res) => void held.push(res);
    const schedule = [3_600, 3_600, 3_600];
    deliver({ jobs: jobsOfWorker(), schedule, everyMs: 20 });
    await waitFor(() => held.length === 1);
    await gatehouse.database.superuser(
      `update pgboss.job set started_on = now() - interval '61 seconds' where state = 'active'`,
    );
    await waitFor(() => held.length === 2);

    for (const [recorded, index] of order.entries()) {
      held[index]?.writeHead(500).end();
      await waitFor(async () => (await attemptsOf(event)) === recorded + 1);
    }

    expect(await stateOf(to, event)).toBe('pending');
    expect(await jobsLeft()).toBe(1);
  },
);

it.each([200, 500])(
  'does not end a replay that was asked for meanwhile, if its answer is %s',
  async (status) => {
    const to = await endpoint('/late');
    const event = activated();
    await happen(event);
    const held: ServerResponse[] = [];
    receiver.answer = (_request, res) => void held.push(res);
    deliver({ jobs: jobsOfWorker(), schedule: [], everyMs: 20 });
    await waitFor(() => held.length === 1);
    await gatehouse.database.superuser(
      `update pgboss.job set started_on = now() - interval '61 seconds' where state = 'active'`,
    );
    await waitFor(() => held.length === 2);
    held[1]?.end();
    await settled(to, event, 'delivered');
    const replay = { event_id: event.id };
    expect((await api(`/v1/webhook-endpoints/${to.id}/replay`, replay)).status).toBe(200);
    await waitFor(() => held.length === 3);

    held[0]?.writeHead(status).end();
    await waitFor(async () => (await attemptsOf(event)) === 2);

    expect(await stateOf(to, event)).toBe('pending');
    held[2]?.end();
    await settled(to, event, 'delivered');
    expect(await attemptsOf(event)).toBe(3);
    expect(await jobsLeft()).toBe(0);
  },
);

it('signs the time at which a delivery is sent, though the worker was paused while it read the delivery', async () => {
  const { superuserUrl, superuser } = gatehouse.database;
  await endpoint('/paused');
  await happen(activated());
  const lock = await holdLock({ url: superuserUrl }, 'lock table webhook_endpoints');
  const began = Date.now();
  deliver({ everyMs: 20 });
  await waitFor(async () => (await superuser(WAITS_FOR_A_LOCK)).length > 0);

  await withClocks({ aheadMs: 10 * MINUTE_MS, passedMs: 10 * MINUTE_MS }, async () => {
    await lock.release();
    await waitFor(() => receiver.on('/paused').length === 1);
  });

  const [delivery] = receiver.on('/paused');
  const signedAt = Number(delivery?.headers['webhook-timestamp']) * 1_000;
  expect(signedAt - began).toBeGreaterThan(9 * MINUTE_MS);
});

it('signs the time at which a delivery is read, though the worker was paused while that waited for other reads', async () => {
  const { db, superuserUrl, superuser } = gatehouse.database;
  const to = await endpoint('/paused');
  const [first, second] = [activated(), activated()];
  await happen(first, second);
  const key = keyOf({ endpointId: to.id, eventId: second.id });
  await superuser(
    `update pgboss.job set start_after = now() + interval '1 hour' where singleton_key = $1`,
    [key],
  );
  const lock = await holdLock({ url: superuserUrl }, 'lock table webhook_endpoints');
  deliver({ everyMs: 20 });
  await waitFor(async () => (await superuser(WAITS_FOR_A_LOCK)).length > 0);
  await jobs.runNow(db, key);
  const active = `select from pgboss.job where state = 'active'`;
  await waitFor(async () => (await superuser(active)).length === 2);
  const began = Date.now();

  await withClocks({ aheadMs: 10 * MINUTE_MS, passedMs: 10 * MINUTE_MS }, async () => {
    await lock.release();
    await waitFor(() => receiver.on('/paused').length === 2);
  });

  // Postgres's clock, which was not moved, is read after the pause.
  const late = receiver.received.find(({ headers }) => headers['webhook-id'] === second.id);
  const signedAt = Number(late?.headers['webhook-timestamp']) * 1_000;
  expect(signedAt - began).toBeLessThan(MINUTE_MS);
});

const WAITS_FOR_A_LOCK = `select from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

const attemptsOf = async ({ id }: IncomingEvent) =>
  (await gatehouse.database.superuser('select from webhook_attempts where event_id = $1', [id]))
    .length;

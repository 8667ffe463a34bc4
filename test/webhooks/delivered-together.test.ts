/** Deliveries that end at the same time are recorded by one transaction. */
import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import type { Database } from '../../src/db/database.ts';
import { holdLock } from '../support/interleave.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  activated,
  api,
  deliver,
  endpoint,
  gatehouse,
  happen,
  jobsLeft,
  outcomes,
  receiver,
  settled,
  stateOf,
  useDeliveries,
} from './deliveries-setup.ts';

useDeliveries();

it('a delivery whose record is locked does not hold up those that ended with it', async () => {
  const [locked, free] = [await endpoint('/locked'), await endpoint('/free')];
  const event = activated();
  await happen(event);
  const held: ServerResponse[] = [];
  receiver.answer = (_request, res) => void held.push(res);
  deliver({ everyMs: 20 });
  await waitFor(() => held.length === 2);
  const lock = await holdLock(
    { url: gatehouse.database.superuserUrl },
    `select from webhook_messages where endpoint_id = '${locked.id}' for update`,
  );

  for (const response of held) response.end();
  await settled(free, event, 'delivered');

  expect(await stateOf(locked, event)).toBe('pending');
  await lock.release();
  await settled(locked, event, 'delivered');
  await waitFor(async () => (await jobsLeft()) === 0);
  for (const { id } of [locked, free]) {
    const log = await api(`/v1/webhook-endpoints/${id}/deliveries`);
    const attempt = { event_id: event.id, status: 200, outcome: 'delivered' };
    expect(log.body).toMatchObject({ data: [attempt] });
  }
});

const WAITS_FOR_A_LOCK = `from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

it('deliveries whose common session is ended while they are recorded are not repeated', async () => {
  const { superuser, superuserUrl } = gatehouse.database;
  const [one, other] = [await endpoint('/one'), await endpoint('/other')];
  const event = activated();
  await happen(event);
  const held: ServerResponse[] = [];
  receiver.answer = (_request, res) => void held.push(res);
  deliver({ everyMs: 20 });
  await waitFor(() => held.length === 2);
  const lock = await holdLock({ url: superuserUrl }, 'lock table webhook_attempts in share mode');

  for (const response of held) response.end();
  await waitFor(async () => {
    const ended = await superuser(`select pg_terminate_backend(pid) ${WAITS_FOR_A_LOCK}`);
    return ended.length > 0;
  });
  await lock.release();
  await settled(one, event, 'delivered');
  await settled(other, event, 'delivered');

  expect(await jobsLeft()).toBe(0);
  expect(outcomes).toEqual(['delivered', 'delivered']);
  expect(
    await superuser('select from webhook_attempts where event_id = $1', [event.id]),
  ).toHaveLength(2);
});

it('deliveries whose common session is ended while they are read are sent at once', async () => {
  const { superuser, superuserUrl } = gatehouse.database;
  await endpoint('/one');
  await endpoint('/other');
  await happen(activated());
  const lock = await holdLock({ url: superuserUrl }, 'lock table webhook_endpoints');
  deliver({ everyMs: 20 });
  await waitFor(async () => {
    const ended = await superuser(`select pg_terminate_backend(pid) ${WAITS_FOR_A_LOCK}`);
    return ended.length > 0;
  });

  await lock.release();

  await waitFor(() => receiver.received.length === 2);
});

it('a record that was committed, but not confirmed, is not made twice', async () => {
  const { db, superuser } = gatehouse.database;
  const [one, other] = [await endpoint('/one'), await endpoint('/other')];
  const event = activated();
  await happen(event);
  let lost = 0;
  const unconfirmed: Database = {
    ...db,
    async transaction(work) {
      const result = await db.transaction(work);
      lost += 1;
      if (lost === 1) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      return result;
    },
  };
  deliver({ db: unconfirmed, everyMs: 20 });

  await waitFor(() => outcomes.length === 2);

  for (const to of [one, other]) expect(await stateOf(to, event)).toBe('delivered');
  const attempts = await superuser('select from webhook_attempts where event_id = $1', [event.id]);
  expect(attempts).toHaveLength(2);
  expect(receiver.received).toHaveLength(2);
});

/** Deliveries that end at the same time are recorded by one transaction. */
import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
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

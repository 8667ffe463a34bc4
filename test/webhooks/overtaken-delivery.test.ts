/** A worker that stood still for longer than its job is reserved, while another one took the job. */
import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { openJobs } from '../../src/db/jobs.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import type { DeliveryJob } from '../../src/webhooks/delivery-jobs.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  activated,
  deliver,
  endpoint,
  gatehouse,
  happen,
  jobsLeft,
  receiver,
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

const attemptsOf = async ({ id }: IncomingEvent) =>
  (await gatehouse.database.superuser('select from webhook_attempts where event_id = $1', [id]))
    .length;

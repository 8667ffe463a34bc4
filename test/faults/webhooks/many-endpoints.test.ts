/** However many endpoints subscribe to an event, it is applied, and so are the next ones. */
import { expect, it } from '@jest/globals';
import {
  activated,
  endpoint,
  gatehouse,
  happen,
  jobsLeft,
  useDeliveries,
} from '../../webhooks/deliveries-setup.ts';

useDeliveries();

it('an event for more endpoints than one statement serves goes to each of them once', async () => {
  const { id } = await endpoint('/first');
  // From before the number of endpoints was limited.
  await gatehouse.database.superuser(
    `insert into webhook_endpoints (id, client_id, client_generation, endpoint_url, events, status, secret)
     select 'we_more' || n, client_id, client_generation, endpoint_url || n, events, status, secret
     from webhook_endpoints, generate_series(1, 1200) n where id = $1`,
    [id],
  );
  const events = [activated(), activated()];

  await happen(...events);

  const rows = await gatehouse.database.superuser<{ count: number }>(
    'select count(*)::int as count from webhook_messages where event_id = any($1) group by event_id',
    [events.map((event) => event.id)],
  );
  expect(rows.map(({ count }) => count)).toEqual([1_201, 1_201]);
  expect(await jobsLeft()).toBe(2_402);
});

import { beforeAll, expect, it } from '@jest/globals';
import { insertEvents } from '../../../src/events/inbox/store.ts';
import { createApplier } from '../../../src/events/apply/applier.ts';
import { holdLock } from '../../support/interleave.ts';
import { organizationOf } from '../../support/sign-in.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { workosEvent } from '../../support/workos-events.ts';
import { waitFor } from '../../support/wait-for.ts';

const gatehouse = useGatehouse({
  replicas: 2,
  env: { WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*' },
});
beforeAll(async () => {
  await gatehouse.provision('acme');
});

it('queues an event once when two replays of it overlap', async () => {
  const client = await gatehouse.createClient({ tenants: ['acme'] });
  const res = await gatehouse
    .as(client)
    .post('/webhook_endpoints')
    .send({ endpoint_url: 'http://127.0.0.1:9/', events: ['connection.activated'] });
  const { id } = res.body as { id: string };
  const { db, superuser } = gatehouse.database;
  const organization_id = await organizationOf(gatehouse, 'acme');
  const event = workosEvent('connection.activated', {
    object: 'connection',
    id: 'conn_1',
    organization_id,
  });
  await insertEvents(db, [event], 'feed');
  await createApplier({ db, handlers: [], onFailure: () => undefined }).applyWaiting();
  await superuser(
    `insert into webhook_messages (endpoint_id, event_id, state) values ($1, $2, 'delivered')`,
    [id, event.id],
  );
  const replay = async (replica: number) => {
    const answer = await gatehouse
      .as(client, undefined, replica)
      .post(`/v1/webhook-endpoints/${id}/replay`)
      .send({ event_id: event.id });
    return answer.status;
  };

  const lock = await holdLock(
    gatehouse.database,
    'select 1 from webhook_messages where endpoint_id = $1 for update',
    [id],
  );
  const both = Promise.all([replay(0), replay(1)]);
  await waitFor(
    async () => {
      const [row] = await superuser<{ waiting: number }>(
        `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return row?.waiting === 2;
    },
    { what: 'both to wait' },
  );
  await lock.release();

  expect(await both).toEqual([200, 200]);
  const jobs = await superuser(
    `select 1 from pgboss.job where name = 'deliveries' and data->>'eventId' = $1`,
    [event.id],
  );
  expect(jobs).toHaveLength(1);
});

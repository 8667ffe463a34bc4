import { afterEach, describe, expect, it } from '@jest/globals';
import { workosEvent } from '../support/workos-events.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  gatehouse,
  client,
  receiver,
  outcomes,
  organizations,
  deliver,
  type Endpoint,
  endpoint,
  activated,
  happen,
  stateOf,
  settled,
  api,
  jobsLeft,
  useDeliveries,
} from './deliveries-setup.ts';

useDeliveries();

describe('replayWebhookEvents', () => {
  const replay = async ({ id }: Endpoint, body: object): Promise<number> =>
    ((await api(`/v1/webhook-endpoints/${id}/replay`, body).expect(200)).body as { count: number })
      .count;

  /** Applied events of the tenant acme, all with the same times. */
  const seed = (count: number) =>
    gatehouse.database.superuser(
      `insert into events (id, event, tenant_id, data, created_at, source, position)
       select 'seeded_' || n, 'connection.activated', 'acme', '{}', '2001-02-03', 'feed', 1000000 + n
       from generate_series(1, $1::int) n`,
      [count],
    );
  afterEach(() => gatehouse.database.superuser(`delete from events where id like 'seeded_%'`));

  interface Part {
    readonly count: number;
    readonly more_after: string | null;
  }
  /** Sends the request again until nothing is left. */
  const inParts = async ({ id }: Endpoint, body: object): Promise<Part[]> => {
    const parts: Part[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const answer = await api(`/v1/webhook-endpoints/${id}/replay`, { ...body, after });
      const part = answer.body as Part;
      parts.push(part);
      after = part.more_after;
    }
    return parts;
  };

  it('delivers one event again, under its id', async () => {
    const to = await endpoint();
    const event = activated();
    deliver();
    await happen(event);
    await settled(to, event, 'delivered');

    const count = await replay(to, { event_id: event.id });
    await waitFor(() => receiver.received.length === 2);

    expect(count).toBe(1);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      event.id,
      event.id,
    ]);
  });

  it('delivers a named event at once if it waits for a retry', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(receiver.received.length < 2 ? 500 : 200).end();
    deliver({ schedule: [3_600] });
    await happen(event);
    await waitFor(async () => outcomes.length === 1 && (await stateOf(to, event)) === 'pending');

    const count = await replay(to, { event_id: event.id });
    await settled(to, event, 'delivered');

    expect([count, await jobsLeft()]).toEqual([1, 0]);
  });

  it('delivers failed events, and events from while the endpoint was disabled', async () => {
    const to = await endpoint();
    const [given, missed, done] = [activated(), activated(), activated()];
    const patch = (status: string) =>
      gatehouse.as(client).patch(`/webhook_endpoints/${to.id}`).send({ status }).expect(200);
    deliver({ schedule: [] });
    await happen(done);
    await settled(to, done, 'delivered');
    receiver.answer = (_one, res) => res.writeHead(500).end();
    await happen(given);
    await settled(to, given, 'failed');
    await patch('disabled');
    await happen(missed, activated('globex'));
    receiver.answer = (_one, res) => res.end();

    const refused = await api(`/v1/webhook-endpoints/${to.id}/replay`, { missed: true });
    await patch('enabled');
    const count = await replay(to, { missed: true });
    await settled(to, given, 'delivered');
    await settled(to, missed, 'delivered');

    expect([refused.status, refused.body]).toMatchObject([409, { code: 'endpoint_disabled' }]);
    expect(count).toBe(2);
    expect(await replay(to, { missed: true })).toBe(0);
  });

  it('delivers the events of a period again: of the client’s tenants and the endpoint’s types', async () => {
    const before = activated();
    await happen(before);
    await waitFor(() => Date.now() > Date.parse(before.created_at));
    const since = new Date().toISOString();
    const [own, foreign] = [activated('own-1'), activated('globex')];
    const other = workosEvent('user.created', { organization_id: organizations.get('acme') });
    await happen(own, foreign, other);
    const to = await endpoint();
    deliver();

    const count = await replay(to, { since, until: new Date(Date.now() + 60_000).toISOString() });
    await settled(to, own, 'delivered');

    expect(count).toBe(1);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([own.id]);
  });

  it('delivers nothing that the client may not read', async () => {
    const foreign = activated('globex');
    await happen(foreign);
    const to = await endpoint();

    const counts = [
      await replay(to, { event_id: foreign.id }),
      await replay(to, { event_id: 'event_none' }),
    ];

    expect(counts).toEqual([0, 0]);
    expect(await jobsLeft()).toBe(0);
  });

  it('queues many events in parts, also if all occurred at the same time', async () => {
    const to = await endpoint();
    await seed(1_050);

    const year = { since: '2001-01-01T00:00:00Z', until: '2002-01-01T00:00:00Z' };
    const counts = (await inParts(to, year)).map(({ count }) => count);

    expect(Math.max(...counts)).toBeLessThanOrEqual(1_000);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_050);
    expect(await jobsLeft()).toBe(1_050);
  });

  it('goes on behind the events that were delivered, when it looks for missed ones', async () => {
    const to = await endpoint();
    await seed(1_050);
    await gatehouse.database.superuser(
      `insert into webhook_messages (endpoint_id, event_id, state)
       select $1, id, 'delivered' from events where id like 'seeded_%' and id <> 'seeded_1050'`,
      [to.id],
    );

    const parts = await inParts(to, { missed: true });

    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(1);
    expect(parts.at(-1)?.more_after).toBeNull();
  });

  it('is refused while 5,000 deliveries of the endpoint wait, and other endpoints are not', async () => {
    const [to, other] = [await endpoint(), await endpoint('/other')];
    await gatehouse.database.superuser(
      `insert into webhook_messages (endpoint_id, event_id, state)
       select $1, 'event_' || n, 'pending' from generate_series(1, 5000) n`,
      [to.id],
    );

    const refused = await api(`/v1/webhook-endpoints/${to.id}/replay`, { missed: true });

    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30']);
    expect(await replay(other, { missed: true })).toBe(0);
  });

  it.each([
    ['a place to go on from, for one event', { event_id: 'event_1', after: '1' }],
    ['nothing', {}],
    ['two ways at once', { event_id: 'event_1', missed: true }],
    ['an end without a beginning', { missed: true, until: '2026-01-01T00:00:00Z' }],
    ['missed that is false', { missed: false }],
  ])('refuses %s', async (_what, body) => {
    const to = await endpoint();

    const res = await api(`/v1/webhook-endpoints/${to.id}/replay`, body);

    expect(res.status).toBe(422);
  });
});

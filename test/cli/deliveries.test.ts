import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deliveriesCommand } from '../../src/cli/deliveries.ts';
import { Problem } from '../../src/core/problem.ts';
import { createRedelivery } from '../../src/maintenance/redelivery.ts';
import type { EventReplay } from '../../src/webhooks/replay.ts';
import { runHere } from '../support/command-here.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const app = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: 'http://localhost:*' } });
let endpointId: string;

const sql = <Row extends object>(text: string, values: unknown[] = []) =>
  app.database.superuser<Row>(text, values);

/** Runs `gatehouse deliveries …`. */
async function deliveries(...args: string[]) {
  const context = { db: app.database.db };
  const { out, ...rest } = await runHere(
    (terminal) => deliveriesCommand(args, { ...context, terminal }),
    {},
  );
  return { ...rest, says: (out === '' ? undefined : JSON.parse(out)) as unknown };
}

/** The events that are due, by message and by job. */
const due = async () => ({
  messages: (
    await sql<{ id: string }>(
      `select event_id as id from webhook_messages where state = 'pending' order by 1`,
    )
  ).map(({ id }) => id),
  jobs: (
    await sql<{ id: string }>(
      `select data ->> 'eventId' as id from pgboss.job where state < 'active' order by 1`,
    )
  ).map(({ id }) => id),
});

beforeAll(async () => {
  const client = await app.createClient({ id: 'billing', tenants: ['acme'] });
  await app.as(client).put('/v1/tenants/acme').send({ name: 'Acme' });
  const res = await app
    .as(client)
    .post('/webhook_endpoints')
    .send({ endpoint_url: 'http://localhost:9/hook/URL-SECRET', events: ['dsync.user.created'] });
  endpointId = (res.body as { id: string }).id;
  await sql(
    `insert into events (id, event, tenant_id, data, created_at, source, position) values
      ('event_failed', 'dsync.user.created', 'acme', '{}', now(), 'feed', 900001),
      ('event_unseen', 'dsync.user.created', 'acme', '{}', now(), 'feed', 900002),
      ('event_delivered', 'dsync.user.created', 'acme', '{}', now(), 'feed', 900003),
      ('event_other', 'dsync.user.created', 'zeta', '{}', now(), 'feed', 900004)`,
  );
});

beforeEach(async () => {
  await sql('delete from pgboss.job');
  await sql('delete from webhook_messages');
  await sql(
    `insert into webhook_messages (endpoint_id, event_id, state) values
      ($1, 'event_failed', 'failed'), ($1, 'event_delivered', 'delivered')`,
    [endpointId],
  );
});

describe('gatehouse deliveries', () => {
  it('lists endpoints with how their deliveries go, and without the path, which may be a secret', async () => {
    const { code, says } = await deliveries('list');

    expect({ code, says }).toMatchObject({
      code: 0,
      says: {
        data: [
          {
            id: endpointId,
            client_id: 'billing',
            origin: 'http://localhost:9',
            state: 'failing',
            given_up: 1,
          },
        ],
      },
    });
    expect(JSON.stringify(says)).not.toContain('URL-SECRET');
  });

  it('delivers all that an endpoint missed, of the tenants of its client, once', async () => {
    const first = await deliveries('replay', endpointId, '--missed');
    const second = await deliveries('replay', endpointId, '--missed');

    expect([first, second]).toMatchObject([
      { code: 0, says: { queued: 2, complete: true } },
      { code: 0, says: { queued: 0, complete: true } },
    ]);
    const missed = ['event_failed', 'event_unseen'];
    expect(await due()).toEqual({ messages: missed, jobs: missed });
    expect(
      await sql(`select user_id, details ->> 'missed' as missed from audit_trail
        where operation = 'deliveries replay' and user_id like 'cli:%' order by id limit 1`),
    ).toEqual([{ user_id: expect.stringMatching(/^cli:/), missed: 'true' }]);
  });

  it('delivers one event again, also one that was delivered, and none that the client may not read', async () => {
    const again = await deliveries('replay', endpointId, '--event', 'event_delivered');
    const foreign = await deliveries('replay', endpointId, '--event', 'event_other');

    expect([again, foreign]).toMatchObject([
      { code: 0, says: { queued: 1 } },
      { code: 1, says: { queued: 0 } },
    ]);
    expect((await due()).jobs).toEqual(['event_delivered']);
  });

  it('needs an endpoint that exists, is enabled, and one of both flags', async () => {
    expect(await deliveries('replay', 'we_0', '--missed')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no longer exists'),
    });
    expect(await deliveries('replay', endpointId)).toMatchObject({
      code: 2,
      err: expect.stringContaining('give either --missed or --event <event id>'),
    });
    await sql(`update webhook_endpoints set status = 'disabled'`);
    const disabled = await deliveries('replay', endpointId, '--missed');
    await sql(`update webhook_endpoints set status = 'enabled'`);
    expect(disabled).toMatchObject({ code: 1, err: expect.stringContaining('is disabled') });
  });
});

describe('a redelivery of missed events', () => {
  const endpoint = { id: 'we_1', status: 'enabled' } as never;
  const redeliver = (replay: EventReplay, mostParts?: number) =>
    createRedelivery({
      ownerOf: () => Promise.resolve('billing'),
      findClient: () => Promise.resolve({} as never),
      findEndpoint: () => Promise.resolve(endpoint),
      replay,
    }).missed('we_1', {} as never, mostParts);
  const tooMany = () => Promise.reject(new Problem('too-many-requests', 'many wait'));

  it('goes on part by part where the last one ended', async () => {
    const froms: unknown[] = [];
    const replay: EventReplay = (_client, _endpoint, of) => {
      froms.push('after' in of && of.after);
      return Promise.resolve({ count: 10, after: froms.length < 3 ? String(froms.length) : null });
    };

    expect(await redeliver(replay)).toEqual({ count: 30, isComplete: true });
    expect(froms).toEqual([undefined, '1', '2']);
    froms.length = 0;
    expect(await redeliver(replay, 2)).toEqual({ count: 20, isComplete: false });
  });

  it('stops once too many wait, and says so at once if they waited before', async () => {
    let parts = 0;
    const filling: EventReplay = () =>
      ++parts === 1 ? Promise.resolve({ count: 1_000, after: '1' }) : tooMany();

    expect(await redeliver(filling)).toEqual({ count: 1_000, isComplete: false });
    await expect(redeliver(tooMany)).rejects.toThrow('many wait');
  });
});

/** Workers killed while they deliver events. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../../support/use-fault-world.ts';
import { serve, startGatehouseProcess } from '../../support/gatehouse-process.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { waitFor } from '../../support/wait-for.ts';

const COUNT = 300;
const KEY = Buffer.alloc(32, 1).toString('base64');

const world = useFaultWorld();
let receiver: Receiver;
let env: Record<string, string>;
beforeAll(async () => {
  receiver = await startReceiver();
  env = { ...world.env, WEBHOOK_ENDPOINT_ORIGINS: receiver.url, GATEHOUSE_KEYS: KEY };
});
afterAll(() => receiver.stop());

const startWorker = () =>
  startGatehouseProcess(['worker'], { ...env, ADMIN_PORT: '0', HOST: '127.0.0.1' });
const countOf = async (sql: string) =>
  (await world.superuser<{ count: number }>(`select count(*)::int as count from ${sql}`))[0]
    ?.count ?? 0;
const delivered = () => countOf(`webhook_messages where state = 'delivered'`);
/** As if the time had passed for which jobs are reserved. */
const expireJobs = () =>
  world.superuser(
    `update pgboss.job set started_on = now() - interval '61 seconds' where state = 'active'`,
  );

describe('SIGKILL of workers that deliver hundreds of events to two endpoints', () => {
  it('loses none, and repeats under its own id only what was under way', async () => {
    const server = await serve(env);
    await server.ready();
    await world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
    for (const path of ['/one', '/two']) {
      const endpoint = { endpoint_url: receiver.url + path, events: ['user.updated'] };
      expect((await world.call(server.url, 'POST', '/webhook_endpoints', endpoint)).status).toBe(
        201,
      );
    }
    const began = Date.now() - 60_000;
    const ids = Array.from(
      { length: COUNT },
      (_, i) =>
        world.workos.emit(
          'user.updated',
          { object: 'user', id: `user_${i}` },
          { createdAt: new Date(began + i) },
        ).id,
    );
    // An endpoint answers within 20 ms, so that each kill finds some under way.
    receiver.answer = (_request, res) => void setTimeout(() => res.end(), 20);

    let underWay = 0;
    for (let round = 0; round < 5; round += 1) {
      const worker = startWorker();
      const before = await delivered();
      await waitFor(async () => (await delivered()) > before, { withinMs: 60_000 });
      await pause(Math.random() * 100);
      worker.child.kill('SIGKILL');
      await worker.ended;
      underWay += await countOf(`pgboss.job where state = 'active'`);
      await expireJobs();
    }
    const last = startWorker();
    await waitFor(async () => (await delivered()) === 2 * COUNT, { withinMs: 90_000 });
    last.child.kill('SIGTERM');
    server.child.kill('SIGTERM');

    expect([await last.ended, await server.ended]).toEqual([0, 0]);
    expect(await countOf('pgboss.job')).toBe(0);
    for (const path of ['/one', '/two']) {
      const got = receiver.on(path).map(({ headers }) => String(headers['webhook-id']));
      expect([...new Set(got)].toSorted()).toEqual(ids.toSorted());
    }
    expect(underWay).toBeGreaterThan(0);
    expect(receiver.received.length - 2 * COUNT).toBeLessThanOrEqual(underWay);
  });
});

describe('a worker told to stop while a delivery is under way', () => {
  it('records its answer, ends with 0 and leaves no job', async () => {
    const worker = startWorker();
    const server = await serve(env);
    await server.ready();
    const before = receiver.received.length;
    receiver.answer = (_request, res) => void setTimeout(() => res.end(), 1_000);
    world.workos.emit('user.updated', { object: 'user', id: 'user_last' });
    await waitFor(() => receiver.received.length === before + 2, { withinMs: 60_000 });

    worker.child.kill('SIGTERM');
    const ended = await worker.ended;
    server.child.kill('SIGTERM');

    expect(ended).toBe(0);
    expect(await delivered()).toBe(2 * COUNT + 2);
    expect(await countOf('pgboss.job')).toBe(0);
    expect(await server.ended).toBe(0);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { webhookRequest } from '../../src/dev/fake-workos/events/webhook-attempts.ts';
import { startWorker, type Worker } from '../../src/process/worker.ts';
import type { TestApp } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

const SECRET = 'secret-of-the-worker';
const gatehouse = useGatehouse({ env: { WORKOS_WEBHOOK_SECRETS: SECRET } });

let running: Worker[] = [];
afterEach(async () => {
  await Promise.all(running.map((worker) => worker.stop()));
  running = [];
});
const start = async (): Promise<Worker> => {
  const worker = await startWorker(gatehouse.config, pino({ level: 'silent' }));
  running.push(worker);
  await worker.ready;
  return worker;
};
const sessions = () =>
  gatehouse.database.superuser<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = 'gatehouse-leader' and datname = current_database()`,
  );
const lease = async () =>
  (await gatehouse.database.superuser<{ holder: string; term: string }>('select * from leases'))[0];
const ask = async ({ adminPort }: Worker, path: string) => {
  const response = await fetch(`http://127.0.0.1:${adminPort}${path}`);
  return { status: response.status, text: await response.text() };
};
const metric = async (worker: Worker, name: string) =>
  Number(
    new RegExp(`^${name}(?:\\{.*\\})? (.*)$`, 'm').exec((await ask(worker, '/metrics')).text)?.[1],
  );
const leads = async (worker: Worker) => (await metric(worker, 'gatehouse_worker_leader')) === 1;
const applied = (id: string) =>
  waitFor(
    async () =>
      (
        await gatehouse.database.superuser<{ source: string; tenant_id: string | null }>(
          'select source, tenant_id from events where id = $1 and position is not null',
          [id],
        )
      )[0],
    { withinMs: 15_000, what: id },
  );
const deliver = async (event: ReturnType<TestApp['workos']['emit']>) => {
  const { body, headers } = webhookRequest(event, SECRET);
  const url = `${gatehouse.url}/webhooks/workos`;
  return (await fetch(url, { method: 'POST', headers, body })).status;
};

describe('gatehouse worker', () => {
  it('applies what a webhook brings at once, and reads the feed for what none brought', async () => {
    const worker = await start();
    await waitFor(() => leads(worker));
    await gatehouse.provision('acme');
    const [organization] = gatehouse.workos.organizations.keys();
    const unheard = gatehouse.workos.addConnection(organization ?? '');
    const event = gatehouse.workos.emit('user.created', { object: 'user', id: 'user_1' });

    const began = performance.now();
    expect(await deliver(event)).toBe(200);
    const seen = await applied(event.id);
    const took = performance.now() - began;
    const [activated] = [...gatehouse.workos.state.events.values()].filter(
      ({ data }) => data.id === unheard.id,
    );

    expect(seen).toEqual({ source: 'webhook', tenant_id: null });
    // Long before the applier would have looked by itself.
    expect(took).toBeLessThan(within(2_000));
    expect(await applied(activated?.id ?? '')).toEqual({ source: 'feed', tenant_id: 'acme' });
  });

  it('lets another lead when it ends, which goes on', async () => {
    const first = await start();
    await waitFor(() => leads(first));
    const second = await start();
    const before = await leads(second);

    await first.stop();
    await waitFor(() => leads(second));
    const event = gatehouse.workos.emit('user.created', { object: 'user', id: 'user_2' });

    expect(before).toBe(false);
    await expect(applied(event.id)).resolves.toMatchObject({ source: 'feed' });
  });

  it('goes on leading, and hears of events again, when its session breaks', async () => {
    const workers = [await start(), await start()];
    const leaders = async () => (await Promise.all(workers.map(leads))).filter(Boolean).length;
    await waitFor(async () => (await leaders()) === 1);
    const before = await lease();
    const broken = await sessions();

    for (const { pid } of broken)
      await gatehouse.database.superuser('select pg_terminate_backend($1)', [pid]);
    await waitFor(
      async () => {
        const now = await sessions();
        return now.length === 2 && now.every(({ pid }) => broken.every((one) => one.pid !== pid));
      },
      { withinMs: 10_000 },
    );

    const { holder, term } = (await lease()) ?? {};
    expect([await leaders(), holder, term]).toEqual([1, before?.holder, before?.term]);
    const event = gatehouse.workos.emit('user.created', { object: 'user', id: 'user_9' });
    const began = performance.now();
    expect(await deliver(event)).toBe(200);
    await applied(event.id);
    expect(performance.now() - began).toBeLessThan(within(4_000));
  });

  it('says on its admin port that it is alive and ready, and how far behind', async () => {
    const worker = await start();
    await waitFor(() => leads(worker));

    expect((await ask(worker, '/livez')).status).toBe(200);
    expect((await ask(worker, '/readyz')).status).toBe(200);
    expect(await metric(worker, 'gatehouse_events_waiting')).toBe(0);
    expect(await metric(worker, 'gatehouse_event_lag_seconds')).toBeGreaterThanOrEqual(0);
  });
});

describe('a worker whose WorkOS key sees none of the mapped organizations', () => {
  it('says so on its admin port, and stays ready', async () => {
    await gatehouse.provision('unseen');
    gatehouse.workos.fault('GET /organizations/*', { kind: 'status', status: 404 });
    const worker = await start();

    const answer = await waitFor(async () => {
      const res = await fetch(`http://127.0.0.1:${worker.adminPort}/readyz`);
      const body = await res.text();
      return body.includes('WorkOS key') && { status: res.status };
    });

    expect(answer).toEqual({ status: 200 });
    gatehouse.workos.clearFaults();
  });
});

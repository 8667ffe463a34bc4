import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { WorkosEvent } from '../../src/dev/fake-workos/state/events.ts';
import { webhookRequest } from '../../src/dev/fake-workos/events/webhook-attempts.ts';
import { useFaultWorld } from '../support/use-fault-world.ts';
import { serve, startGatehouseProcess } from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = 'secret-of-the-faults';
const COUNT = 1_000;

const world = useFaultWorld();

const startWorker = () =>
  startGatehouseProcess(['worker'], { ...world.env, ADMIN_PORT: '0', HOST: '127.0.0.1' });
const applied = async () =>
  (await world.superuser<{ n: number }>('select count(position)::int as n from events'))[0]?.n ?? 0;

/** Of a connection that 20 of them tell of, each newer than the one before. */
function emitAll(organization: string): WorkosEvent[] {
  const began = Date.now() - 3_600_000;
  return Array.from({ length: COUNT }, (_, i) => {
    const createdAt = new Date(began + i * 1_000);
    const state = i % 2 === 0 ? 'active' : 'inactive';
    const data = {
      object: 'connection',
      id: `conn_${i % 50}`,
      organization_id: organization,
      connection_type: 'OktaSAML',
      name: `Change ${i}`,
      state,
      status: 'linked',
      external_key: 'key',
      domains: [],
      created_at: new Date(began).toISOString(),
      updated_at: createdAt.toISOString(),
    };
    const name = state === 'active' ? 'connection.activated' : 'connection.deactivated';
    return world.workos.emit(name, data, { createdAt });
  });
}

/** The half of them, shuffled, each three times; some never get through. */
async function deliver(url: string, events: readonly WorkosEvent[]): Promise<number[]> {
  const half = events.filter((_, i) => i % 2 === 0);
  const shuffled = [...half, ...half, ...half].sort(() => Math.random() - 0.5);
  const latencies: number[] = [];
  const send = async () => {
    for (let event = shuffled.pop(); event; event = shuffled.pop()) {
      const { headers, body } = webhookRequest(event, SECRET);
      const began = performance.now();
      const { status } = await fetch(`${url}/webhooks/workos`, { method: 'POST', headers, body });
      if (status === 200) latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: 4 }, send));
  return latencies;
}

describe('SIGKILL of workers while a thousand events come in by both doors', () => {
  it('leaves each applied once, the newest state, and a cursor that is never ahead', async () => {
    const server = await serve({ ...world.env, WORKOS_WEBHOOK_SECRETS: SECRET });
    await server.ready();
    const { status } = await world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
    expect(status).toBe(201);
    await world.superuser(`update tenants set created_at = now() - interval '1 day'`);
    const [organization = ''] = world.workos.organizations.keys();
    const events = emitAll(organization);
    world.workos.fault('GET /events', { kind: 'delay', ms: 100 });

    const delivered = deliver(server.url, events);
    const ahead: unknown[] = [];
    const atKills: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const worker = startWorker();
      const before = await applied();
      await waitFor(async () => (await applied()) > before || (await applied()) >= COUNT, {
        withinMs: 60_000,
      });
      await pause(Math.random() * 50);
      worker.child.kill('SIGKILL');
      await worker.ended;
      atKills.push(await applied());
      ahead.push(...(await missingBehindTheCursor(events)));
    }
    const last = startWorker();
    await waitFor(async () => (await applied()) >= COUNT + 1, { withinMs: 60_000 });
    const latencies = (await delivered).toSorted((a, b) => a - b);

    // One of them was the organization's own creation.
    expect(ahead).toEqual([]);
    expect(Math.min(...atKills)).toBeLessThan(COUNT);
    const [row] = await world.superuser(
      `select count(*)::int as count, count(distinct position)::int as positions, max(position)::int as last,
         count(*) filter (where tenant_id = 'acme')::int as mapped from events where event like 'connection.%'`,
    );
    expect(row).toMatchObject({ count: COUNT, positions: COUNT, mapped: COUNT });
    expect(await newestOfMirror()).toEqual(newestOf(events));
    expect(latencies).toHaveLength((COUNT / 2) * 3);
    expect(await positionsInOrder()).toBe(true);
    last.child.kill('SIGTERM');
    server.child.kill('SIGTERM');
    expect([await last.ended, await server.ended]).toEqual([0, 0]);
  });
});

/** What the feed tells up to the cursor, and is not here. */
async function missingBehindTheCursor(events: readonly WorkosEvent[]): Promise<string[]> {
  const [cursor] = await world.superuser<{ at: Date | null }>(
    'select cursor_at as at from feed_cursors',
  );
  const ids = new Set(
    (await world.superuser<{ id: string }>('select id from events')).map(({ id }) => id),
  );
  const until = cursor?.at?.getTime() ?? 0;
  return events
    .filter(({ id, created_at }) => Date.parse(created_at) <= until && !ids.has(id))
    .map(({ id }) => id);
}

const newestOfMirror = async () =>
  new Map(
    (
      await world.superuser<{ id: string; at: Date }>(
        `select id, updated_at as at from mirror where kind = 'connection'`,
      )
    ).map(({ id, at }) => [id, at.toISOString()]),
  );
const newestOf = (events: readonly WorkosEvent[]) =>
  new Map(events.map(({ data, created_at }) => [data.id, created_at]));
const positionsInOrder = async () => {
  const rows = await world.superuser<{ position: string }>(
    'select position from events where position is not null order by position',
  );
  return rows.every(({ position }, index) => Number(position) === index + 1);
};

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Answer } from '../support/fault-world.ts';
import { useServingWorld } from '../support/use-fault-world.ts';
import { serve } from '../support/gatehouse-process.ts';
import { closedTcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const { world, server } = useServingWorld();

const read = () => world.call(server.url, 'GET', '/v1/tenants/acme');
const generateLink = () =>
  world.call(server.url, 'POST', '/portal/generate_link', { organization: 'acme', intent: 'sso' });
const putNew = (id: string) => world.call(server.url, 'PUT', `/v1/tenants/${id}`, { name: id });
async function livezMs(): Promise<number> {
  const began = performance.now();
  const { status } = await fetch(`${server.adminUrl}/livez`);
  if (status !== 200) throw new Error(`/livez answered ${status}.`);
  return performance.now() - began;
}

/** Many health checks, while `work` goes on. */
async function whileWatched<T>(work: () => Promise<T>): Promise<{ result: T; lives: number[] }> {
  const lives: number[] = [];
  const watch = { over: false };
  const working = work().finally(() => (watch.over = true));
  working.catch(() => undefined);
  while (!watch.over) lives.push(await livezMs());
  return { result: await working, lives: lives.toSorted((a, b) => a - b) };
}

const p99 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.99)] ?? 0;

/** Below 100 ms, or what this machine needs anyway when it has other work. */
async function expectUnmoved(lives: readonly number[]): Promise<void> {
  const { lives: calm } = await whileWatched(() => pause(2_000));
  expect(p99(lives)).toBeLessThan(Math.max(100, 2 * p99(calm)));
}

/** As good as new: ready, serving, and with nothing left open. */
async function expectRecovery(): Promise<void> {
  await waitFor(async () => (await read()).status === 200, { what: 'recovery' });
  await waitFor(async () => (await generateLink()).status === 201, { what: 'recovery of writes' });
  const open = await world.superuser(
    `select pid from pg_stat_activity where application_name like 'gatehouse%' and state like 'idle in transaction%'`,
  );
  expect(open).toEqual([]);
  expect(server.child.exitCode).toBeNull();
}

const expectRefused = (answers: readonly Answer[], codes: readonly string[]) => {
  for (const { status, code, retryAfter, tookMs } of answers) {
    expect([status, retryAfter]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(codes).toContain(code);
    expect(tookMs).toBeLessThan(3_200);
  }
};

/** Locks a table against everybody. */
async function lockTable(table: string): Promise<() => Promise<void>> {
  const url = new URL(world.env.DATABASE_URL ?? '');
  const locker = new pg.Client({
    connectionString: `postgres://postgres@${url.host}${url.pathname}`,
    application_name: 'locker',
  });
  await locker.connect();
  await locker.query('begin');
  await locker.query(`lock table ${table} in access exclusive mode`);
  return () => locker.end();
}

describe('a locked table', () => {
  it('answers dependency_timeout, and Postgres itself gave the statement up', async () => {
    const unlock = await lockTable('tenants, it_admins');

    const answers = await Promise.all([read(), putNew('locked'), generateLink()]);
    const waiting = await world.superuser(
      `select pid from pg_stat_activity where application_name = 'gatehouse' and wait_event_type = 'Lock'`,
    );
    await unlock();

    expectRefused(answers, ['dependency_timeout']);
    expect(waiting).toEqual([]);
    await expectRecovery();
  });

  it('exhausts the pool without touching health checks or metrics', async () => {
    const unlock = await lockTable('tenants');

    const { result, lives } = await whileWatched(() =>
      Promise.all([...Array.from({ length: 60 }, read), fetch(`${server.adminUrl}/metrics`)]),
    );
    await unlock();

    const metrics = result.pop() as Response;
    expectRefused(result as Answer[], ['dependency_timeout', 'dependency_unavailable']);
    expect(metrics.status).toBe(200);
    await expectRecovery();
    await expectUnmoved(lives);
  });

  it('of the audit trail mints no link', async () => {
    const unlock = await lockTable('audit_trail');
    const minted = world.workos.requestsTo('POST /portal/generate_link').length;

    const answers = await Promise.all([generateLink(), generateLink()]);
    await unlock();

    expectRefused(answers, ['dependency_timeout']);
    expect(world.workos.requestsTo('POST /portal/generate_link')).toHaveLength(minted);
    await expectRecovery();
  });
});

describe('a read-only database', () => {
  const setReadOnly = async (value: 'on' | 'off') => {
    await world.superuser(`alter database gatehouse set default_transaction_read_only = ${value}`);
    await world.superuser(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'gatehouse%'`,
    );
  };

  it('is read; a write answers dependency_read_only before anything is asked of WorkOS', async () => {
    await setReadOnly('on');
    await waitFor(async () => (await read()).status === 200);
    const asked = world.workos.requests.length;

    const answers = await Promise.all([putNew('read-only'), generateLink()]);
    const reading = await read();
    const calls = world.workos.requests.length - asked;
    // The superuser's own sessions began before.
    await world.superuser('set default_transaction_read_only = off');
    await setReadOnly('off');

    expectRefused(answers, ['dependency_read_only']);
    expect([reading.status, calls]).toEqual([200, 0]);
    await expectRecovery();
  });
});

describe('terminated backends', () => {
  it('cost a 503 at most, and leave no claim without its organization', async () => {
    const terminate = () =>
      world.superuser(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'gatehouse%'`,
      );
    const statuses: number[] = [];

    for (let round = 0; round < 10; round += 1) {
      const calls = [
        ...Array.from({ length: 10 }, (_, i) => putNew(`terminated-${round}-${i}`)),
        ...Array.from({ length: 10 }, generateLink),
      ];
      await terminate();
      statuses.push(...(await Promise.all(calls)).map(({ status }) => status));
    }

    expect(statuses.filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    await expectRecovery();
    const rows = await world.superuser<{ id: string }>(
      `select id from tenants where id like 'terminated-%'`,
    );
    for (const { id } of rows)
      await waitFor(async () => [200, 201].includes((await putNew(id)).status), {
        withinMs: 30_000,
        everyMs: 500,
        what: id,
      });
    const made = [...world.workos.organizations.values()].filter(({ external_id }) =>
      external_id?.startsWith('gh:test:terminated-'),
    );
    expect(made).toHaveLength(rows.length);
  });
});

describe('a frozen database', () => {
  it('answers 503 within the deadline, stays alive, and recovers when it goes on', async () => {
    const thaw = await world.freezePostgres();

    const { result, lives } = await whileWatched(() =>
      Promise.all([read(), generateLink(), putNew('frozen'), ...Array.from({ length: 20 }, read)]),
    ).finally(thaw);

    expectRefused(result, ['dependency_timeout', 'dependency_unavailable']);
    await expectRecovery();
    await expectUnmoved(lives);
  });

  it('is not ready', async () => {
    const thaw = await world.freezePostgres();

    const ready = await fetch(`${server.adminUrl}/readyz`).finally(thaw);

    expect(ready.status).toBe(503);
    await expectRecovery();
  });
});

describe('a start without the database', () => {
  it('goes on in the same process once the database is there', async () => {
    const proxy = await closedTcpProxy();
    const url = new URL(world.env.DATABASE_URL ?? '');
    url.port = String(proxy.port);
    const late = await serve({ ...world.env, DATABASE_URL: url.href });
    const { pid } = late.child;

    const [live, ready] = await Promise.all(
      ['/livez', '/readyz'].map(async (path) => (await fetch(late.adminUrl + path)).status),
    );
    const refused = await world.call(late.url, 'GET', '/v1/tenants');
    const began = performance.now();
    await proxy.open(world.postgresPort);
    await late.ready();
    const readyMs = performance.now() - began;
    const served = await world.call(late.url, 'GET', '/v1/tenants');
    late.child.kill('SIGTERM');

    expect([live, ready, served.status, late.child.pid]).toEqual([200, 503, 200, pid]);
    expectRefused([refused], ['dependency_unavailable']);
    expect(refused.tookMs).toBeLessThan(2_000);
    expect(readyMs).toBeLessThan(5_000);
    expect(await late.ended).toBe(0);
    await proxy.stop();
  });
});

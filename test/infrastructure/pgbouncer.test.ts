import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startFaultWorld, type Answer, type FaultWorld } from '../support/fault-world.ts';
import {
  runGatehouse,
  serve,
  startGatehouseProcess,
  type Server,
} from '../support/gatehouse-process.ts';
import type { DebianProcess } from '../support/infrastructure/debian-process.ts';
import { startPgBouncer } from '../support/infrastructure/pgbouncer.ts';
import { prepareTenant, startTraffic, statuses, tell } from '../support/infrastructure/traffic.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

/** Fewer than the replicas open, so that each transaction may meet another session. */
const SESSIONS = 4;

let world: FaultWorld;
let pooler: DebianProcess;
let env: Record<string, string>;
let servers: Server[] = [];
const read = (i: number) => world.call(servers[i % 2]?.url ?? '', 'GET', '/v1/tenants/acme');

beforeAll(async () => {
  world = await startFaultWorld();
  pooler = await startPgBouncer(world.postgresPort, SESSIONS);
  // The pooler ignores these two as start-up parameters.
  await world.superuser(`alter role gatehouse set statement_timeout = '2s'`);
  await world.superuser(`alter role gatehouse set idle_in_transaction_session_timeout = '5s'`);
  const pooled = new URL(world.env.DATABASE_URL ?? '');
  pooled.port = String(pooler.port);
  env = {
    ...world.env,
    DATABASE_URL: pooled.href,
    DATABASE_DIRECT_URL: world.env.DATABASE_URL ?? '',
    DATABASE_PREPARED_STATEMENTS: 'false',
  };
  servers = await Promise.all([serve(env), serve(env)]);
  for (const server of servers) await server.ready();
  await prepareTenant(world, servers[0]?.url ?? '');
});
afterAll(async () => {
  for (const { child } of servers) child.kill('SIGTERM');
  await Promise.all(servers.map(({ ended }) => ended));
  await pooler.stop();
  await world.stop();
});

const as = async (user: string, database: string): Promise<pg.Client> => {
  const client = new pg.Client(`postgres://${user}@127.0.0.1:${pooler.port}/${database}`);
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const expectRefused = (answers: readonly Answer[]) => {
  for (const { status, retryAfter, tookMs } of answers) {
    expect([status, retryAfter]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(tookMs).toBeLessThan(within(3_200));
  }
};
const expectRecovery = () =>
  waitFor(async () => (await read(0)).status + (await read(1)).status === 400, {
    withinMs: within(5_000),
    what: 'recovery',
  });

describe('PgBouncer in transaction mode, without prepared statements', () => {
  it('serves every kind of request on two replicas that share four sessions', async () => {
    const traffic = startTraffic(
      world,
      servers.map(({ url }) => url),
      30,
    );
    await waitFor(() => traffic.codes.size > 20 && traffic.tickets.size > 20, {
      withinMs: 60_000,
      what: 'traffic',
    });
    await traffic.stop();
    const [row] = await world.superuser<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where application_name = 'gatehouse'`,
    );

    tell('pgbouncer', statuses(traffic));
    const failed = traffic.answers.filter(({ status }) => status >= 400 && status !== 410);
    expect(failed).toEqual([]);
    expect(row?.count).toBeLessThanOrEqual(SESSIONS);
  });

  it('carries a worker and a command, while replicas listen for revocations on a direct session', async () => {
    const worker = startGatehouseProcess(['worker'], { ...env, ADMIN_PORT: '0' });
    await waitFor(() => worker.out().includes('"leading":true'), { withinMs: 60_000 });
    const { id } = world.workos.emit('user.created', { object: 'user', id: 'user_1' });
    await waitFor(
      async () =>
        (await world.superuser('select 1 from events where id = $1 and position is not null', [id]))
          .length > 0,
      { withinMs: 30_000, what: 'the event' },
    );
    const listed = await runGatehouse(['clients', 'list', '--json'], env);
    const listening = /^gatehouse_revocations_listening \d/m.exec(
      await fetch(`${servers[0]?.adminUrl}/metrics`).then((res) => res.text()),
    );
    worker.child.kill('SIGTERM');

    expect(await worker.ended).toBe(0);
    expect([listed.code, listed.err]).toEqual([0, '']);
    expect(listening?.[0]).toBe('gatehouse_revocations_listening 1');
  });

  it('answers 503 while others use all sessions of the pooler', async () => {
    const others = await Promise.all(
      Array.from({ length: SESSIONS }, () => as('gatehouse', 'gatehouse')),
    );
    await Promise.all(others.map((client) => client.query('begin')));

    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => read(i)));
    await Promise.all(others.map((client) => client.end()));

    expectRefused(answers);
    await expectRecovery();
  });

  it('answers 503 while it pauses, and as before once it resumes', async () => {
    const console = await as('postgres', 'pgbouncer');
    await console.query('PAUSE gatehouse');

    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => read(i)));
    await pause(1_000);
    const later = await Promise.all(Array.from({ length: 10 }, (_, i) => read(i)));
    await console.query('RESUME gatehouse');

    expectRefused([...answers, ...later]);
    await expectRecovery();
    await console.end();
  });

  it('cancels a statement by the role’s own timeout', async () => {
    const lock = new pg.Client(`postgres://postgres@127.0.0.1:${world.postgresPort}/gatehouse`);
    await lock.connect();
    await lock.query('begin');
    await lock.query('lock table tenants in access exclusive mode');

    const answer = await world.call(servers[0]?.url ?? '', 'PUT', '/v1/tenants/locked', {
      name: 'Locked',
    });
    const waiting = await world.superuser(
      `select query from pg_stat_activity where usename = 'gatehouse' and wait_event_type = 'Lock'
       and query_start < now() - interval '2.2 s'`,
    );
    await lock.end();

    expectRefused([answer]);
    expect(waiting).toEqual([]);
    await expectRecovery();
  });
});

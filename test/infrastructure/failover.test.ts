import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newDirectory, startFaultWorld, type FaultWorld } from '../support/fault-world.ts';
import {
  serve,
  startGatehouseProcess,
  type GatehouseProcess,
  type Server,
} from '../support/gatehouse-process.ts';
import {
  startDebianPostgres,
  startStandby,
  type DebianPostgres,
} from '../support/infrastructure/debian-postgres.ts';
import {
  longest,
  prepareTenant,
  startTraffic,
  statuses,
  tell,
  type Traffic,
  type TrafficAnswer,
} from '../support/infrastructure/traffic.ts';
import { openLaunchPage } from '../support/portal-calls.ts';
import { exchange, grant } from '../support/sign-in.ts';
import { silentProxy, type SilentProxy } from '../support/silent-proxy.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

const base = newDirectory();
let primary: DebianPostgres;
let standby: DebianPostgres;
/** The address of whichever of the two is the primary. */
let address: SilentProxy;
let world: FaultWorld;
let servers: Server[] = [];
const urls = () => servers.map(({ url }) => url);

beforeAll(async () => {
  address = await silentProxy();
  primary = await startDebianPostgres(join(base, 'primary'));
  address.lead(primary.port);
  world = await startFaultWorld(() =>
    Promise.resolve({
      ...primary,
      port: address.port,
      superuserUrl: `postgres://postgres@127.0.0.1:${address.port}/postgres`,
    }),
  );
  standby = await startStandby(join(base, 'standby'), primary);
  // Whatever is acknowledged from now on is on the standby's disk as well.
  await world.superuser(`alter system set synchronous_standby_names = 'standby'`);
  await world.superuser('select pg_reload_conf()');
  servers = await Promise.all([serve(world.env), serve(world.env)]);
  for (const server of servers) await server.ready();
  await prepareTenant(world, urls()[0] ?? '');
});
afterAll(async () => {
  for (const { child } of servers) child.kill('SIGTERM');
  await Promise.all(servers.map(({ ended }) => ended));
  await world.stop();
  await standby.stop();
  await address.stop();
});

/** Ends the primary, makes the standby the primary, and points the address at it. */
async function failOver(): Promise<number> {
  await primary.crash();
  await pause(500);
  const client = new pg.Client(`postgres://postgres@127.0.0.1:${standby.port}/postgres`);
  await client.connect();
  await client.query('select pg_promote()');
  await client.end();
  address.lead(standby.port);
  return performance.now();
}

const isDocumented = ({ kind, status }: TrafficAnswer) =>
  kind === 'ticket'
    ? // Opened on both replicas at once, a ticket is refused by one of them.
      [303, 409, 410, 503].includes(status)
    : [200, 201, 302, 503].includes(status);

describe('a failover to a synchronous standby under 50 requests a second', () => {
  let worker: GatehouseProcess;
  let traffic: Traffic;
  let promoted: number;
  const afterwards = () => traffic.answers.filter(({ at }) => at > promoted);

  it('answers with 503 for a few seconds, and then as before', async () => {
    worker = startGatehouseProcess(['worker'], { ...world.env, ADMIN_PORT: '0' });
    await waitFor(() => worker.out().includes('"ready"'), { withinMs: 60_000 });
    traffic = startTraffic(world, urls(), 50);
    await waitFor(() => traffic.tickets.size > 20 && traffic.codes.size > 20, {
      withinMs: 60_000,
      what: 'traffic',
    });

    promoted = await failOver();
    const isWrite = ({ kind, status }: TrafficAnswer) => kind === 'tenant' && status === 201;
    const write = await waitFor(() => afterwards().find(isWrite), { withinMs: 30_000 });
    await waitFor(() => performance.now() - promoted > 8_000, { withinMs: 10_000 });
    await traffic.stop();

    const lastRefusal = afterwards().findLast(({ status }) => status === 503);
    tell('failover', {
      firstWriteMs: write.at - promoted,
      last503Ms: (lastRefusal?.at ?? promoted) - promoted,
      longestMs: longest(traffic),
      ...statuses(traffic),
    });
    expect(traffic.answers.filter((answer) => !isDocumented(answer))).toEqual([]);
    expect(longest(traffic)).toBeLessThan(within(5_000));
    expect((lastRefusal?.at ?? promoted) - promoted).toBeLessThan(within(5_000));
  });

  it('has lost nothing that was acknowledged', async () => {
    const rows = await world.superuser<{ id: string }>(
      `select id from tenants where status = 'active' and id like 'steady-%'`,
    );
    const kept = new Set(rows.map(({ id }) => id));

    expect([...traffic.tenants].filter((id) => !kept.has(id))).toEqual([]);
    expect(traffic.tenants.size).toBeGreaterThan(20);
  });

  it('has redeemed no ticket and no code twice, and redeems none again', async () => {
    const used = [...traffic.tickets].filter(([, redirects]) => redirects > 0);
    const pages = await Promise.all(
      used.map(([ticket], i) => openLaunchPage(urls()[i % 2] ?? '', { ticket })),
    );
    const tokens = await Promise.all(
      [...traffic.codes].map((code) =>
        exchange({ url: urls()[0] ?? '' }, grant(world.client, code)),
      ),
    );

    expect([...traffic.tickets.values()].filter((redirects) => redirects > 1)).toEqual([]);
    expect(pages.filter(({ status }) => status === 303)).toEqual([]);
    expect(tokens.filter(({ status }) => status === 200)).toEqual([]);
    expect([pages.length, tokens.length].every((count) => count > 20)).toBe(true);
  });

  it('leaves a worker that leads and applies events', async () => {
    const { id } = world.workos.emit('user.created', { object: 'user', id: 'user_1' });
    const applied = () =>
      world.superuser('select 1 from events where id = $1 and position is not null', [id]);

    await waitFor(async () => (await applied()).length > 0, { withinMs: 30_000 });
    worker.child.kill('SIGTERM');

    expect(await worker.ended).toBe(0);
  });
});

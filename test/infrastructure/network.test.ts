import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFaultWorld, type FaultWorld } from '../support/fault-world.ts';
import { serve, type Server } from '../support/gatehouse-process.ts';
import { dropPackets } from '../support/infrastructure/network.ts';
import {
  longest,
  prepareTenant,
  startTraffic,
  statuses,
  tell,
  type TrafficAnswer,
} from '../support/infrastructure/traffic.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

let world: FaultWorld;
let servers: Server[] = [];
const urls = () => servers.map(({ url }) => url);

beforeAll(async () => {
  world = await startFaultWorld();
  servers = await Promise.all([serve(world.env), serve(world.env)]);
  for (const server of servers) await server.ready();
  await prepareTenant(world, urls()[0] ?? '');
});
afterAll(async () => {
  for (const { child } of servers) child.kill('SIGTERM');
  await Promise.all(servers.map(({ ended }) => ended));
  await world.stop();
});

const GOOD = [200, 201, 302, 303];
/** The second opening of a ticket, or the one after a failure. */
const TICKET = [...GOOD, 409, 410];

/** What the logs say of answers with status 500, and of processes that ended. */
const mistakes = () =>
  servers.flatMap(({ out, err }) => [
    ...out()
      .split('\n')
      .filter((line) => /"status":500|"level":"fatal"/.test(line)),
    ...err().split('\n').filter(Boolean),
  ]);

/** A circuit breaker refuses calls for 5 s after its last trial, which takes up to 3 s. */
const RECOVERY_MS = 9_000;

/** Traffic before, while and after packets are lost. */
async function whileLosing(what: string, port: number, share: number, seconds: number) {
  const traffic = startTraffic(world, urls(), 30);
  await waitFor(() => traffic.answers.length > 60, { withinMs: 60_000, what: 'traffic' });
  const end = await dropPackets(port, share);
  await pause(seconds * 1_000);
  await end();
  const over = performance.now();
  await pause(within(RECOVERY_MS));
  const recovered = performance.now();
  await pause(3_000);
  await traffic.stop();
  const last = traffic.answers.findLast(({ status }) => status >= 500);
  tell(what, {
    ...statuses(traffic),
    longestMs: longest(traffic),
    lastFailureMs: (last?.at ?? over) - over,
  });
  const late = traffic.answers.filter(({ at, tookMs }) => at - tookMs > recovered);
  return { traffic, late };
}

const unexpected = (answers: readonly TrafficAnswer[], faults: readonly number[]) =>
  answers.filter(
    ({ kind, status }) => ![...(kind === 'ticket' ? TICKET : GOOD), ...faults].includes(status),
  );

async function expectOneOrganizationEach(): Promise<void> {
  const ids = [...world.workos.organizations.values()].map(({ external_id }) => external_id);
  expect(new Set(ids).size).toBe(ids.length);
  const rows = await world.superuser(`select 1 from tenants where status = 'active'`);
  expect(rows.length).toBeLessThanOrEqual(ids.length);
}

describe('a network that loses', () => {
  it.each([
    ['all packets to WorkOS', () => world.workos.port, 1, 10],
    ['all packets to Postgres', () => world.postgresPort, 1, 10],
    ['30 % of the packets to WorkOS', () => world.workos.port, 0.3, 10],
    ['30 % of the packets to Postgres', () => world.postgresPort, 0.3, 10],
  ] as const)(
    '%s: every request is answered by its deadline, and all is well soon after',
    async (what, port, share, seconds) => {
      const { traffic, late } = await whileLosing(what, port(), share, seconds);

      expect(mistakes()).toEqual([]);
      expect(unexpected(traffic.answers, [502, 503, 504])).toEqual([]);
      // A change of a tenant has 10 s; everything else has less.
      expect(longest(traffic)).toBeLessThan(within(10_500));
      expect(unexpected(late, [])).toEqual([]);
      expect(late.length).toBeGreaterThan(10);
      await expectOneOrganizationEach();
    },
  );
});

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createDatabase } from '../../src/dev/roles.ts';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { useFaultWorld } from '../support/use-fault-world.ts';
import { runGatehouse, serve, type Server } from '../support/gatehouse-process.ts';
import { createCaller } from '../support/http-caller.ts';
import { startHaproxy } from '../support/infrastructure/haproxy.ts';
import { prepareTenant, tell } from '../support/infrastructure/traffic.ts';
import { waitFor } from '../support/wait-for.ts';

const CONNECTIONS = 40;

const world = useFaultWorld();

const reserve = async () => ({ port: await freePort(), adminPort: await freePort() });
const startReplica = async ({ port, adminPort }: Awaited<ReturnType<typeof reserve>>) => {
  const server = await serve({
    ...world.env,
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    SHUTDOWN_DELAY_MS: '3000',
    // All requests come from one client, whose share of the default would be five sessions.
    DATABASE_POOL_MAX: '30',
  });
  await server.ready();
  return server;
};

/** Connections that are never idle. */
function load(url: string) {
  const caller = createCaller(url, CONNECTIONS);
  const failures: string[] = [];
  const progress = { answered: 0, over: false };
  const headers = {
    authorization: `Bearer ${world.client.key}`,
    'content-type': 'application/json',
    'gatehouse-user-id': 'ada',
    'gatehouse-user-roles': 'it_admin',
  };
  const body = JSON.stringify({ organization: 'acme', intent: 'sso' });
  const one = async () => {
    while (!progress.over) {
      const outcome = await caller
        .send({ method: 'POST', path: '/portal/generate_link', headers, body })
        .then(
          ({ status, json }) =>
            status === 201 ? '' : `${status} ${json.code ?? 'of the load balancer'}`,
          (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
        );
      progress.answered += 1;
      if (outcome !== '') failures.push(outcome);
      // Less than one client may have: this test is not about what it gets beyond its share.
      await pause(100);
    }
  };
  const done = Promise.all(Array.from({ length: CONNECTIONS }, one));
  return {
    failures,
    answered: () => progress.answered,
    async stop() {
      progress.over = true;
      await done;
      await caller.close();
    },
  };
}

describe('a rollout behind a load balancer', () => {
  it('replaces three replicas one by one, and none of 40 busy connections notices', async () => {
    const places = await Promise.all([reserve(), reserve(), reserve()]);
    const replicas: Server[] = [];
    for (const place of places) replicas.push(await startReplica(place));
    await prepareTenant(world, replicas[0]?.url ?? '');
    const balancer = await startHaproxy(places);
    const traffic = load(balancer.url);
    const answerMore = (count: number) => {
      const before = traffic.answered();
      return waitFor(() => traffic.answered() > before + count, {
        withinMs: 60_000,
        what: `${count} answers`,
      });
    };

    const codes: (number | string)[] = [];
    await answerMore(500);
    for (const [i, place] of places.entries()) {
      replicas[i]?.child.kill('SIGTERM');
      codes.push((await replicas[i]?.ended) ?? 'none');
      replicas[i] = await startReplica(place);
      await answerMore(500);
    }
    await traffic.stop();
    for (const { child } of replicas) child.kill('SIGTERM');
    await Promise.all(replicas.map(({ ended }) => ended));
    await balancer.stop();

    tell('rollout', { requests: traffic.answered(), failures: traffic.failures.length });
    expect(traffic.failures).toEqual([]);
    expect(codes).toEqual([0, 0, 0]);
  });
});

describe('three replicas that migrate an empty database and start, at the same time', () => {
  it.each([1, 2, 3])(
    'are all ready, and each migration is applied once: round %d',
    async (round) => {
      const superuserUrl = `postgres://postgres@127.0.0.1:${world.postgresPort}/postgres`;
      const { ownerUrl, runtimeUrl } = await createDatabase(superuserUrl, `rollout_${round}`);
      const env = { ...world.env, DATABASE_URL: runtimeUrl, DATABASE_MIGRATION_URL: ownerUrl };

      const starts = await Promise.all(
        Array.from({ length: 3 }, async () => {
          const migrated = await runGatehouse(['migrate'], env);
          const server = await serve(env);
          await server.ready();
          server.child.kill('SIGTERM');
          return [migrated.code, await server.ended];
        }),
      );

      expect(starts).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    },
  );
});

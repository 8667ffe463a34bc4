import { Agent, request } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useFaultWorld } from '../support/use-fault-world.ts';
import {
  serve,
  startGatehouseProcess,
  type GatehouseProcess,
  type Server,
} from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

const world = useFaultWorld();
beforeAll(async () => {
  const server = await serve(world.env);
  await server.ready();
  await world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
  server.child.kill('SIGTERM');
  await server.ended;
});

interface Load {
  readonly answered: () => number;
  readonly failures: readonly string[];
  /** Resolves when every connection was told to close. */
  readonly done: Promise<unknown>;
}

/** Connections that are never idle; each goes on until it is told to close. */
function load(url: string, connections: number): Load {
  const failures: string[] = [];
  let answered = 0;
  const one = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let open = true; open;) {
      const { status, connection } = await generateLink(url, agent);
      answered += 1;
      if (status !== 201) failures.push(String(status));
      open = connection === 'keep-alive';
    }
    agent.destroy();
  };
  return {
    answered: () => answered,
    failures,
    done: Promise.all(Array.from({ length: connections }, one)),
  };
}

const generateLink = (url: string, agent: Agent) =>
  new Promise<{ status: number | string; connection: string | undefined }>((resolve) => {
    const headers = {
      authorization: `Bearer ${world.client.key}`,
      'content-type': 'application/json',
      'gatehouse-user-id': 'ada',
      'gatehouse-user-roles': 'it_admin',
    };
    const sent = request(
      `${url}/portal/generate_link`,
      { agent, headers, method: 'POST' },
      (response) => {
        response.resume();
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }),
        );
      },
    );
    sent.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: error.code ?? error.name, connection: undefined }),
    );
    sent.end(JSON.stringify({ organization: 'acme', intent: 'sso' }));
  });

describe('SIGTERM', () => {
  it('under load costs no request, on one replica after the other', async () => {
    const servers: Server[] = [];
    while (servers.length < 3)
      servers.push(await serve({ ...world.env, SHUTDOWN_DELAY_MS: '500' }));
    for (const server of servers) await server.ready();
    const loads = servers.map(({ url }) => load(url, 6));

    for (const [i, server] of servers.entries()) {
      await waitFor(() => (loads[i]?.answered() ?? 0) > 300, { withinMs: 60_000 });
      const began = performance.now();
      server.child.kill('SIGTERM');
      expect(await server.ended).toBe(0);
      expect(performance.now() - began).toBeLessThan(30_000);
    }
    await Promise.all(loads.map(({ done }) => done));

    expect(loads.flatMap(({ failures }) => failures)).toEqual([]);
  });

  it('a second time ends the wait for the load balancer', async () => {
    const server = await serve({ ...world.env, SHUTDOWN_DELAY_MS: '25000' });
    await server.ready();
    const began = performance.now();

    server.child.kill('SIGTERM');
    await waitFor(async () => (await fetch(`${server.adminUrl}/readyz`)).status === 503);
    server.child.kill('SIGTERM');

    expect(await server.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('ends a process that still waits for its database', async () => {
    const server = await serve({
      ...world.env,
      DATABASE_URL: 'postgres://gatehouse:x@127.0.0.1:9/x',
    });
    const began = performance.now();

    server.child.kill('SIGTERM');

    expect(await server.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it.each<[string, () => Promise<GatehouseProcess>]>([
    [
      'gateway',
      async () => {
        const server = await serve(world.env);
        await server.ready();
        await world.call(server.url, 'GET', '/v1/tenants');
        return server;
      },
    ],
    [
      'worker',
      async () => {
        const env = { ...world.env, ADMIN_PORT: '0', HOST: '127.0.0.1' };
        const worker = startGatehouseProcess(['worker'], env);
        await waitFor(() => worker.out().includes('"leading":true'), { withinMs: 60_000 });
        return worker;
      },
    ],
  ])('ends a %s whose database is frozen', async (_role, start) => {
    const { child, ended } = await start();
    const thaw = await world.freezePostgres();
    const began = performance.now();

    child.kill('SIGTERM');
    const outcome = await Promise.race([
      ended,
      waitFor(() => performance.now() - began > 30_000, { withinMs: 40_000, everyMs: 500 }),
    ]);
    thaw();
    child.kill('SIGKILL');

    expect(outcome).toBe(0);
  });
});

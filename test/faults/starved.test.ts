import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { useServingWorld } from '../support/use-fault-world.ts';
import { waitFor } from '../support/wait-for.ts';

const { world, server } = useServingWorld();

const generateLink = () =>
  world.call(server.url, 'POST', '/portal/generate_link', { organization: 'acme', intent: 'sso' });

describe('a process', () => {
  it('without file descriptors lives, and serves again once connections close', async () => {
    const { pid = 0 } = server.child;
    execFileSync('prlimit', ['--pid', String(pid), '--nofile=80:80']);
    const { port } = new URL(server.url);
    const sockets = Array.from({ length: 200 }, (): Socket => {
      const socket = connect(Number(port), '127.0.0.1');
      return socket.on('error', () => undefined);
    });
    await pause(1_000);
    for (const socket of sockets) socket.destroy();

    await waitFor(async () => (await generateLink()).status === 201, {
      withinMs: 20_000,
      what: 'recovery',
    });
    expect([server.child.exitCode, server.err()]).toEqual([null, '']);
  });

  it('whose log nobody reads goes on', async () => {
    const before = server.out().length;
    server.child.stdout?.pause();

    // 600 lines of a request are more than a pipe holds.
    const statuses: number[] = [];
    while (statuses.length < 600) {
      const answers = await Promise.all(Array.from({ length: 10 }, generateLink));
      statuses.push(...answers.map(({ status }) => status));
    }
    const unread = server.out().length - before;
    server.child.stdout?.resume();

    expect(statuses.filter((status) => status !== 201)).toEqual([]);
    expect(unread).toBeLessThan(1_000);
    await waitFor(() => server.out().length - before > 64 * 1024);
  });

  it('sends no request on a connection that WorkOS has closed meanwhile', async () => {
    const statuses: number[] = [];
    // The fake closes a connection that was idle for five seconds.
    for (const idleMs of [4_950, 5_000, 5_050]) {
      const answers = await Promise.all(Array.from({ length: 10 }, generateLink));
      statuses.push(...answers.map(({ status }) => status));
      await pause(idleMs);
    }
    const last = await Promise.all(Array.from({ length: 10 }, generateLink));

    expect([...statuses, ...last.map(({ status }) => status)].filter((one) => one !== 201)).toEqual(
      [],
    );
  });
});

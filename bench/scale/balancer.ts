/** haproxy before the replicas, as docker-compose.yml has it, where the machine has one. */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/dev/embedded-postgres.ts';

const GIVE_UP_MS = 10_000;
/** Debian installs it outside the PATH of most users. */
const PLACES = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];

export interface Balancer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @returns undefined if there is no haproxy */
export async function startBalancer(
  directory: string,
  urls: readonly string[],
): Promise<Balancer | undefined> {
  const binary = PLACES.map((place) => join(place, 'haproxy')).find(existsSync);
  if (binary === undefined) return undefined;
  const port = await freePort();
  const file = join(directory, `haproxy-${port}.cfg`);
  writeFileSync(file, configuration(port, urls));
  const child = spawn(binary, ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await waitUntilOpen(port);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const configuration = (port: number, urls: readonly string[]): string => `defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
listen gateways
  bind 127.0.0.1:${port}
  balance roundrobin
${urls.map((url, i) => `  server replica${i} ${new URL(url).host}`).join('\n')}
`;

/** @throws Error after 10 s */
async function waitUntilOpen(port: number): Promise<void> {
  const startedAt = performance.now();
  while (!(await isOpen(port))) {
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error('haproxy did not start.');
    await sleep(20);
  }
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

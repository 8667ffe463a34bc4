/** Time until the first 200, and the memory at that moment, of the gateway and of a bare Express. */
import { spawn, type ChildProcess } from 'node:child_process';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/dev/embedded-postgres.ts';
import { nodeFlags } from './bundle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GIVE_UP_MS = 10_000;

const EXPRESS = `import express from 'express';
  express().get('/readyz', (_req, res) => res.send('ok')).listen(Number(process.env.PORT), '127.0.0.1');`;

/** @returns milliseconds until ready */
export async function timeExpress(): Promise<number> {
  const port = await freePort();
  return timed(['--input-type=module', '--eval', EXPRESS], { PORT: String(port) }, port);
}

/** @returns milliseconds until ready, which includes the check of the database */
export async function timeGateway(file: string, env: Record<string, string>): Promise<number> {
  const port = await freePort();
  return timed(
    [...nodeFlags(file), file, 'serve'],
    { ...env, PORT: '0', ADMIN_PORT: String(port) },
    port,
  );
}

/** @throws Error after 10 s */
export async function waitUntilReady(port: number): Promise<void> {
  const startedAt = performance.now();
  while (!(await isReady(port))) {
    if (performance.now() - startedAt > GIVE_UP_MS)
      throw new Error('The server did not become ready.');
    await sleep(2);
  }
}

async function timed(args: string[], env: Record<string, string>, port: number): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await waitUntilReady(port);
    return performance.now() - startedAt;
  } finally {
    await ended(child);
  }
}

const isReady = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    get({ port, host: '127.0.0.1', path: '/readyz', agent: false }, (res) => {
      res.resume();
      resolve(res.statusCode === 200);
    }).once('error', () => resolve(false));
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

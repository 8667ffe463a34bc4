import { chmodSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import {
  runGatehouse,
  startGatehouseProcess,
  type GatehouseProcess,
} from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

/** A checkout of its own, so that nobody's development data is touched. */
const checkout = mkdtempSync(join(tmpdir(), 'gatehouse-dev-'));
beforeAll(() => {
  // Postgres may run as another user, who has to get through to its directory.
  chmodSync(checkout, 0o755);
  const original = fileURLToPath(new URL('../..', import.meta.url));
  for (const part of ['src', 'migrations', 'package.json', 'openapi.yaml'])
    cpSync(join(original, part), join(checkout, part), { recursive: true });
  symlinkSync(join(original, 'node_modules'), join(checkout, 'node_modules'));
});
const started: GatehouseProcess[] = [];
afterEach(async () => {
  for (const { child } of started) child.kill('SIGTERM');
  await Promise.all(started.splice(0).map(({ ended }) => ended));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const PORTS = ['PORT', 'ADMIN_PORT', 'PRODUCT_PORT', 'WORKOS_PORT'] as const;
type Ports = Record<(typeof PORTS)[number], string>;
async function freePorts(): Promise<Ports> {
  const ports = await Promise.all(PORTS.map(async (name) => [name, String(await freePort())]));
  return Object.fromEntries(ports) as Ports;
}

function dev(ports: Ports): GatehouseProcess {
  const process = startGatehouseProcess(['dev'], ports, checkout);
  started.push(process);
  return process;
}
const running = (one: GatehouseProcess) =>
  waitFor(
    () => {
      if (one.child.exitCode !== null) throw new Error(`It ended: ${one.err()}`);
      return /Client key +(gh_\S+)/.exec(one.out())?.[1];
    },
    { withinMs: 90_000, everyMs: 100, what: 'gatehouse dev' },
  );
const tenants = async (ports: Ports, key: string) => {
  const response = await fetch(`http://127.0.0.1:${ports.PORT}/v1/tenants`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return ((await response.json()) as { data: { id: string; created_at: string }[] }).data;
};

describe('gatehouse dev', () => {
  it('starts again after it was killed, with the same key and the same data', async () => {
    const ports = await freePorts();
    const first = dev(ports);
    const key = await running(first);
    const before = await tenants(ports, key);
    const controls = await fetch(`http://127.0.0.1:${ports.WORKOS_PORT}/_fake/requests`, {
      headers: { authorization: 'Bearer sk_test_fake' },
    });
    expect(controls.status).toBe(200);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = dev(ports);
    const sameKey = await running(second);

    expect(sameKey).toBe(key);
    expect(before.map(({ id }) => id)).toContain('acme');
    expect(await tenants(ports, key)).toEqual(before);
    const { code, out } = await runGatehouse(['dev', 'tenants', 'verify', '--json'], {}, checkout);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ tenants: before.length, differences: [] });
  });

  it('stops everything when asked to', async () => {
    const ports = await freePorts();
    const one = dev(ports);
    await running(one);

    one.child.kill('SIGINT');

    expect(await one.ended).toBe(0);
    for (const port of Object.values(ports))
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it.each(PORTS)('says in one line that %s is taken', async (name) => {
    const ports = await freePorts();
    const squatter = createServer();
    await new Promise<void>((resolve) =>
      squatter.listen(Number(ports[name]), '127.0.0.1', resolve),
    );

    const one = dev(ports);
    const code = await one.ended;
    await new Promise((resolve) => squatter.close(resolve));

    expect(code).toBe(1);
    expect(one.err().trim().split('\n').at(-1)).toMatch(
      new RegExp(`^gatehouse dev: port ${ports[name]} is in use; .*${name}`),
    );
    expect(one.err()).not.toContain('    at ');
    expect(one.out()).toBe('');
  });
});

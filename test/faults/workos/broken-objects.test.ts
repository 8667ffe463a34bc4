/** Objects of one client for which WorkOS fails close nothing for other clients. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { organizationOf } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let unlucky: TestClient;
let other: TestClient;
const directories: Record<string, string> = {};

beforeAll(async () => {
  unlucky = await gatehouse.createClient();
  other = await gatehouse.createClient();
  for (const tenant of ['acme', 'globex']) {
    await gatehouse.provision(tenant);
    const { id } = gatehouse.workos.addDirectory(await organizationOf(gatehouse, tenant));
    directories[tenant] = id;
  }
});

const read = async (client: TestClient, tenant: string) => {
  const res = await gatehouse.as(client).get(`/directories/${directories[tenant]}`);
  return `${res.status} ${(res.body as { code?: string }).code ?? ''}`.trim();
};
const FAILS = { kind: 'status', status: 503 } as const;

/** Reads a directory for which WorkOS fails, until the client is refused without a call. */
async function readBroken(): Promise<string> {
  const answers: string[] = [];
  for (let count = 0; count < 40; count += 1) answers.push(await read(unlucky, 'globex'));
  return answers.at(-1) ?? '';
}

describe('a directory for which WorkOS fails every time', () => {
  it('closes no directory of another client that WorkOS has just answered', async () => {
    expect(await read(other, 'acme')).toBe('200');
    gatehouse.workos.fault(`GET /directories/${directories.globex}`, FAILS);

    expect(await readBroken()).toBe('503 upstream_unavailable');
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(other, 'acme')));
    expect(new Set(answers)).toEqual(new Set(['200']));
  });

  it('lets a client that comes later try for itself', async () => {
    const later = await gatehouse.createClient();
    gatehouse.workos.fault(`GET /directories/${directories.globex}`, FAILS);

    expect(await readBroken()).toBe('503 upstream_unavailable');
    expect(await read(later, 'acme')).toBe('200');
    expect(await read(later, 'acme')).toBe('200');
  });

  it('refuses none of many calls that such a client makes at once', async () => {
    const later = await gatehouse.createClient();
    gatehouse.workos.fault(`GET /directories/${directories.globex}`, FAILS);

    expect(await readBroken()).toBe('503 upstream_unavailable');
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(later, 'acme')));
    expect(new Set(answers)).toEqual(new Set(['200']));
  });
});

it('an outage that one client has noticed costs another client one call', async () => {
  const later = await gatehouse.createClient();
  gatehouse.workos.fault('GET /directories/*', FAILS);

  expect(await readBroken()).toBe('503 upstream_unavailable');
  const before = gatehouse.workos.requests.length;
  const answers = await Promise.all(Array.from({ length: 5 }, () => read(later, 'acme')));

  expect(answers).not.toContain('200');
  expect(gatehouse.workos.requests.length - before).toBe(1);
});

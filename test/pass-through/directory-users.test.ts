import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let stranger: TestClient;
/** New for each test. */
let directory: string;

beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme'] });
  stranger = await gatehouse.createClient({ tenants: ['globex'] });
  await gatehouse.provision('acme');
  await gatehouse.provision('globex');
});
beforeEach(async () => {
  gatehouse.workos.limits.directoryUsersPerSecond = 4;
  directory = await newDirectory();
});

async function newDirectory(): Promise<string> {
  const { id } = gatehouse.workos.addDirectory(await organizationOf(gatehouse, 'acme'));
  for (const email of ['ada@acme.example', 'bob@acme.example'])
    gatehouse.workos.addDirectoryUser(id, { email });
  return id;
}

const list = async (of = directory, query = '', as = client) =>
  gatehouse.as(as).get(`/directory_users?directory=${of}${query}`);
const readsOf = (of = directory) =>
  gatehouse.workos.requestsTo('GET /directory_users').filter(({ query }) => query.directory === of);

describe('listDirectoryUsers', () => {
  it('asks WorkOS once for fifty concurrent equal reads', async () => {
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 50 }, () => list()));
    // On a busy machine they may take longer than one read is good for.
    const mayBe = 1 + Math.floor((performance.now() - began) / 500);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(readsOf().length).toBeLessThanOrEqual(mayBe);
    expect(gatehouse.workos.requestsTo(`GET /directories/${directory}`)).toHaveLength(1);
  });

  it('asks WorkOS at most twice within a second, however often it is read', async () => {
    const began = performance.now();

    while (performance.now() - began < 950) expect((await list()).status).toBe(200);

    expect(readsOf().length).toBeLessThanOrEqual(2);
  });

  it('asks again for different reads', async () => {
    const answers = await Promise.all([
      list(),
      list(directory, '&limit=1'),
      list(directory, '&email=ada@acme.example'),
    ]);

    const sizes = answers.map(({ body }) => (body as { data: unknown[] }).data.length);
    expect(sizes).toEqual([2, 1, 1]);
    expect(readsOf()).toHaveLength(3);
  });

  it('shows nothing to a client that may not see the directory, even while it is cached', async () => {
    const [seen, hidden] = [await list(), await list(directory, '', stranger)];

    expect([seen.status, hidden.status]).toEqual([200, 404]);
    expect(hidden.text).not.toContain('ada@');
    expect(readsOf()).toHaveLength(1);
  });

  it('shows nothing to a client whose scope is another', async () => {
    const other = await gatehouse.createClient({ scopes: ['connections:read'] });
    await list();

    expect((await list(directory, '', other)).status).toBe(403);
  });

  it('answers a rate limit of one directory with 503, blocks no other, and soon recovers', async () => {
    const calm = await newDirectory();
    gatehouse.workos.limits.directoryUsersPerSecond = 0;

    const limited = await list();
    gatehouse.workos.limits.directoryUsersPerSecond = 4;
    const [again, other] = await Promise.all([list(), list(calm)]);

    expect([limited.status, limited.body]).toMatchObject([503, { code: 'upstream_rate_limited' }]);
    expect(limited.headers['retry-after']).toBe('1');
    expect(limited.text).not.toContain('Ratelimited');
    expect([again.status, other.status]).toEqual([503, 200]);
    // What is held back is not even asked.
    expect(readsOf()).toHaveLength(1);
    await waitFor(async () => (await list()).status === 200);
  });

  it('blocks no other directory after a rate limit on a single user either', async () => {
    const { id } = gatehouse.workos.addDirectoryUser(directory);
    const fault = { kind: 'status', status: 429, body: 'Ratelimited' } as const;
    gatehouse.workos.fault(`GET /directory_users/${id}`, fault, { times: 1 });
    const other = gatehouse.workos.addDirectoryUser(await newDirectory());

    const limited = await gatehouse.as(client).get(`/directory_users/${id}`);
    const free = await gatehouse.as(client).get(`/directory_users/${other.id}`);

    expect([limited.status, limited.headers['retry-after']]).toEqual([503, '1']);
    expect([free.status, (await list()).status]).toEqual([200, 200]);
  });

  it('caches no failure', async () => {
    gatehouse.workos.fault('GET /directory_users', { kind: 'status', status: 400 }, { times: 1 });

    expect([(await list()).status, (await list()).status]).toEqual([400, 200]);
  });
});

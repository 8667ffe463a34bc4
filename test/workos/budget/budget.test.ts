/** Two replicas share the budget of requests to WorkOS, and what WorkOS holds back. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createCaller, type Answer, type Caller } from '../../support/http-caller.ts';
import { connect, exchange, grant, REDIRECT_URI, signIn } from '../../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../../support/test-app.ts';
import { waitFor, waitForAnswer } from '../../support/wait-for.ts';
import { within } from '../../support/within.ts';

const PER_MINUTE = 600;
let gatehouse: TestApp;
let client: TestClient;
let greedy: TestClient;
let callers: readonly Caller[];
beforeAll(async () => {
  gatehouse = await startTestApp({
    replicas: 2,
    workosWaitMs: 1_000,
    env: { WORKOS_REQUESTS_PER_MINUTE: String(PER_MINUTE) },
  });
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  greedy = await gatehouse.createClient({ tenants: ['acme'] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
  callers = gatehouse.urls.map((url) => createCaller(url, 20));
});
afterAll(async () => {
  await Promise.all(callers.map((caller) => caller.close()));
  await gatehouse.stop();
});

const read = (caller: Caller): Promise<Answer> =>
  caller.send({
    method: 'GET',
    path: '/organizations/acme',
    headers: { authorization: `Bearer ${greedy.key}` },
  });

it('a client that loops on both replicas gets no more than the budget, and logins and links go on', async () => {
  const codes = [];
  for (let count = 0; count < 5; count += 1) codes.push((await signIn(gatehouse, client)).code);
  const admin = await gatehouse.userToken();
  const answers: Answer[] = [];
  let isOver = false;
  const began = performance.now();
  const loops = callers.flatMap((caller) =>
    Array.from({ length: 20 }, async () => {
      while (!isOver) answers.push(await read(caller));
    }),
  );
  const statuses: number[] = [];
  for (const code of codes) {
    const before = answers.length;
    // The loops go on between two logins.
    await waitFor(() => answers.length > before + 5);
    statuses.push((await exchange(gatehouse, grant(client, code))).status);
    const link = await gatehouse
      .as(client, admin, 1)
      .post('/portal/generate_link')
      .send({ organization: 'acme', intent: 'sso' });
    statuses.push(link.status);
  }
  isOver = true;
  await Promise.all(loops);
  const seconds = (performance.now() - began) / 1_000;
  const used = answers.filter(({ status }) => status === 200).length;
  const refused = answers.find(({ status }) => status === 429);

  expect(statuses).toEqual(codes.flatMap(() => [200, 201]));
  expect(used).toBeLessThanOrEqual(0.04 * PER_MINUTE + (PER_MINUTE / 60) * seconds);
  expect(refused?.json.code).toBe('workos_share_used');
  expect(refused?.headers['retry-after']).toMatch(/^\d+$/);
  expect(refused?.headers.ratelimit).toMatch(/^"workos";r=0;t=\d+$/);
  expect(refused?.headers['ratelimit-policy']).toMatch(/^"workos";q=\d+;w=60$/);
});

it('shows each client its own use, and all use to a client of every tenant', async () => {
  interface Budget {
    readonly limit: number;
    readonly clients: readonly { readonly client_id: string }[];
  }
  const budgetOf = async (asker: TestClient): Promise<Budget> =>
    (await gatehouse.as(asker).get('/v1/upstream-budget')).body as Budget;
  const idsOf = ({ clients }: Budget): string[] => clients.map(({ client_id: id }) => id);
  const own = await budgetOf(greedy);

  expect(own.limit).toBe(PER_MINUTE);
  expect(idsOf(own)).toEqual([greedy.id]);
  expect(idsOf(await budgetOf(client))).toEqual(expect.arrayContaining([greedy.id, client.id]));
});

it('a Retry-After that one replica hears holds back the same operation, and no other, on the other within 1 s', async () => {
  const limited = { kind: 'status', status: 429, retryAfter: 7 } as const;
  gatehouse.workos.fault('POST /portal/generate_link', limited, { times: 1 });
  const admin = await gatehouse.userToken();
  const link = (replica: number) =>
    gatehouse
      .as(client, admin, replica)
      .post('/portal/generate_link')
      .send({ organization: 'acme', intent: 'sso' });

  const heard = await link(0);
  const since = performance.now();
  const other = await waitForAnswer(
    () => link(1),
    ({ status }) => status === 503,
    within(5_000),
  );
  const heardAfter = performance.now() - since;
  const readElsewhere = await gatehouse.as(client, undefined, 1).get('/organizations/acme');

  expect([heard.status, other.status, readElsewhere.status]).toEqual([503, 503, 200]);
  expect(heardAfter).toBeLessThan(within(1_000));
  expect(other.headers['retry-after']).toMatch(/^[67]$/);
});

/** Calls to WorkOS that are slow take no place that a login needs. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import { connect, exchange, grant, REDIRECT_URI, signIn } from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

let gatehouse: TestApp;
let client: TestClient;
let caller: Caller;
beforeAll(async () => {
  gatehouse = await startTestApp({ maxInFlight: 16, workosWaitMs: 1_000 });
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
  caller = createCaller(gatehouse.url, 40);
});
afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

it('a login succeeds while WorkOS answers no portal link and all other slots are in use', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  gatehouse.workos.fault('POST /portal/generate_link', { kind: 'hold', until: released });
  const { code } = await signIn(gatehouse, client);
  const admin = await gatehouse.userToken();
  const refused: Answer[] = [];
  const links = Array.from({ length: 40 }, async () => {
    const answer = await caller.send({
      method: 'POST',
      path: '/portal/generate_link',
      headers: {
        authorization: `Bearer ${client.key}`,
        'gatehouse-user-token': admin,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ organization: 'acme', intent: 'sso' }),
    });
    if (answer.json.code === 'overloaded') refused.push(answer);
  });
  await waitFor(() => refused.length > 0, { withinMs: within(10_000) });

  const { status, body } = await exchange(gatehouse, grant(client, code));
  release(undefined);
  await Promise.all(links);

  expect([status, body.error]).toEqual([200, undefined]);
  expect(refused[0]?.headers['retry-after']).toMatch(/^\d+$/);
});

it('a login and a portal link of another client succeed while one client reads as much as it can', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  const greedy = await gatehouse.createClient();
  gatehouse.workos.fault('GET /organizations/{id}', { kind: 'hold', until: released });
  const { code } = await signIn(gatehouse, client);
  const admin = await gatehouse.userToken();
  const reads = Array.from({ length: 40 }, () =>
    caller.send({
      method: 'GET',
      path: '/organizations/acme',
      headers: { authorization: `Bearer ${greedy.key}` },
    }),
  );
  const refused = await Promise.any(reads.map(async (read) => isOverloaded(await read)));

  const login = await exchange(gatehouse, grant(client, code));
  const link = await gatehouse
    .as(client, admin)
    .post('/portal/generate_link')
    .send({ organization: 'acme', intent: 'sso' });
  release(undefined);
  await Promise.all(reads);

  expect(refused).toBe(true);
  expect([login.status, link.status]).toEqual([200, 201]);
});

/** @throws if the request was answered otherwise */
function isOverloaded({ json }: Answer): boolean {
  if (json.code !== 'overloaded') throw new Error(json.code);
  return true;
}

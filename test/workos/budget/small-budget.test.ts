/** Two replicas share a budget of one request to WorkOS a second. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { policyOf } from '../../../src/workos/budget/policy.ts';
import { startTestApp, type TestApp } from '../../support/test-app.ts';
import { waitFor } from '../../support/wait-for.ts';

const PER_MINUTE = 60;
let gatehouse: TestApp;
beforeAll(async () => {
  gatehouse = await startTestApp({
    replicas: 2,
    workosWaitMs: 1_000,
    env: { WORKOS_REQUESTS_PER_MINUTE: String(PER_MINUTE) },
  });
  await gatehouse.provision('acme');
});
afterAll(() => gatehouse.stop());

/** Fills the bucket up, as a few seconds without requests do, and waits until both replicas know. */
async function pauseWithoutRequests(): Promise<void> {
  await gatehouse.database.superuser(`update upstream_buckets set level = 1000 where name = 'all'`);
  const almostFull = 0.9 * policyOf(PER_MINUTE).burst;
  for (const url of gatehouse.adminUrls)
    await waitFor(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/^gatehouse_upstream_budget_level (\S+)/m.exec(metrics)?.[1]) > almostFull;
    });
}

it('four portal links at once on two replicas are all created after a pause', async () => {
  const client = await gatehouse.createClient();
  const admin = await gatehouse.userToken();
  await pauseWithoutRequests();
  const links = await Promise.all(
    [0, 1, 0, 1].map((replica) =>
      gatehouse
        .as(client, admin, replica)
        .post('/portal/generate_link')
        .send({ organization: 'acme', intent: 'sso' }),
    ),
  );

  expect(links.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
});

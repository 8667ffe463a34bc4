/** How long a request for a tenant's setup waits for WorkOS, and how soon another one may ask it again. */
import { expect, it } from '@jest/globals';
import { FRESH_SECONDS } from '../../../src/setup/mirror/store.ts';
import {
  gatehouse,
  newTenant,
  reads,
  type Setup,
  setupOf,
  useSetup,
} from '../../setup/tenant-setup.ts';
import { waitFor } from '../../support/wait-for.ts';
import { within } from '../../support/within.ts';

useSetup();

/** When WorkOS was read for these answers. */
const timesOf = (answers: readonly { readonly body: Setup }[]): number[] =>
  [...new Set(answers.map(({ body }) => Date.parse(body.as_of ?? '')))].toSorted((a, b) => a - b);

it('getTenantSetup reads again on request, at most once every few seconds', async () => {
  const tenant = await newTenant();
  const first = await setupOf(tenant);
  gatehouse.workos.addConnection(tenant.organizationId, { state: 'draft' });

  const atOnce = await setupOf(tenant, { refresh: 'true' });
  const later = await waitFor(
    async () => {
      const answer = await setupOf(tenant, { refresh: 'true' });
      return answer.body.source === 'live' && answer;
    },
    { everyMs: 100, what: 'a second reading' },
  );
  const more = await Promise.all(
    Array.from({ length: 20 }, async () => setupOf(tenant, { refresh: 'true' })),
  );

  const { source, features } = atOnce.body;
  expect(features.sso.state).toBe(source === 'mirror' ? 'not_configured' : 'in_progress');
  expect(later.body.features.sso.state).toBe('in_progress');
  // A busy machine takes seconds over these requests, and then there are more readings than two.
  const readings = timesOf([first, atOnce, later, ...more]);
  expect(reads(tenant)).toBe(4 * readings.length);
  readings.slice(1).forEach((time, index) => {
    expect(time - (readings[index] ?? 0)).toBeGreaterThanOrEqual(FRESH_SECONDS * 1_000);
  });
});

it('getTenantSetup waits for at most two seconds while WorkOS is silent, and does not try again at once', async () => {
  const tenant = await newTenant();
  gatehouse.workos.fault('GET /connections', { kind: 'silence' });

  const started = performance.now();
  const first = await setupOf(tenant);
  const waited = performance.now() - started;
  const second = await setupOf(tenant);

  expect([first.body.as_of, second.body.as_of]).toEqual([null, null]);
  expect(waited).toBeGreaterThan(1_900);
  expect(waited).toBeLessThan(within(2_900));
});

/** What has no time of its own gets one that all replicas agree on. */
import { expect, it } from '@jest/globals';
import { addLogStream } from '../../src/dev/fake-workos/audit-logs/log-streams.ts';
import { MINUTE_MS, withClocks } from '../support/clock.ts';
import { gatehouse, newTenant, setupOf, useSetup } from './tenant-setup.ts';

useSetup();

it('a new log stream is shown although a replica whose clock is ten minutes ahead read before', async () => {
  const tenant = await newTenant();
  await withClocks({ aheadMs: 10 * MINUTE_MS }, () => setupOf(tenant));
  const { state } = gatehouse.workos;
  addLogStream(
    { state, now: () => new Date(), newId: (prefix: string) => `${prefix}_1` } as never,
    tenant.organizationId,
    { state: 'active' },
  );

  // A minute passes in the database too: WorkOS's clock is known only to the second.
  await gatehouse.database.superuser(
    `with reads as (update mirror_reads set read_at = read_at - interval '1 minute')
     update mirror set updated_at = updated_at - interval '1 minute'`,
  );
  const { body } = await withClocks({ aheadMs: 0, passedMs: MINUTE_MS }, () =>
    setupOf(tenant, { refresh: 'true' }),
  );

  expect([body.source, body.features.log_streams.state]).toEqual(['live', 'active']);
});

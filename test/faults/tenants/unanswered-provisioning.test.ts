import { expect, it } from '@jest/globals';
import { createLatch } from '../../support/latch.ts';
import { within } from '../../support/within.ts';
import {
  CREATE,
  gatehouse,
  organizationsOf,
  put,
  useProvisioning,
} from '../../tenants/provisioning-setup.ts';

useProvisioning();

it('a provisioning that gets no answer ends with 504 at the deadline, and is finished by the next call', async () => {
  const gate = createLatch();
  gatehouse.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
  const began = performance.now();

  const first = await put('unanswered');
  const tookMs = performance.now() - began;
  gate.open();
  const second = await put('unanswered');

  expect([first.status, first.body]).toMatchObject([504, { code: 'upstream_timeout' }]);
  expect(tookMs).toBeGreaterThan(2_700);
  expect(tookMs).toBeLessThan(within(3_500));
  expect([second.status, second.body]).toMatchObject([200, { status: 'active' }]);
  expect(organizationsOf('unanswered')).toHaveLength(1);
});

import { expect, it } from '@jest/globals';
import { waitFor } from '../../support/wait-for.ts';
import { comeBack, gatehouse, heading, useReturns, visit } from '../../portal/return-setup.ts';

const RETURN_WAIT_MS = 20_000;
useReturns({ returnWaitMs: RETURN_WAIT_MS });

it('the return page waits for a change to show at WorkOS, and no longer', async () => {
  const { organizationId, returnUrl } = await visit('sso');
  const before = gatehouse.workos.requestsTo('GET /connections').length;

  const started = performance.now();
  const coming = comeBack(returnUrl).then((res) => res);
  await waitFor(() => gatehouse.workos.requestsTo('GET /connections').length > before + 1);
  gatehouse.workos.addConnection(organizationId);
  const res = await coming;

  expect(heading(res)).toBe('Single sign-on is set up');
  expect(performance.now() - started).toBeLessThan(RETURN_WAIT_MS);
});

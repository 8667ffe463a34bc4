/** Ten minutes of a virtual clock; budget-demand.test.ts has shorter runs with other demand. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jain, minutesOf, percentile, simulate } from '../support/budget-simulation.ts';

const PER_MINUTE = 6_000;
const greedy = Array.from({ length: 50 }, (_, n) => ({
  id: `greedy-${n}`,
  priority: 'ordinary' as const,
  perSecond: 1.2,
}));
const link = { id: 'links', priority: 'interactive', perSecond: 0.5 } as const;

const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

it('50 clients on 3 replicas share almost all of the budget evenly for 10 minutes, and links do not wait', async () => {
  const result = await simulate({ seconds: 600, clients: [...greedy, link] });
  const minutes = minutesOf(result);
  const parts = [...result.used].filter(([id]) => id !== link.id).map(([, used]) => used);

  expect(Math.min(...minutes) / PER_MINUTE).toBeGreaterThanOrEqual(0.95);
  expect(Math.max(...minutes) / PER_MINUTE).toBeLessThanOrEqual(1.02);
  expect(jain(parts)).toBeGreaterThan(0.99);
  expect(result.used.get(link.id)).toBe(result.asked.get(link.id));
  // A call to WorkOS takes about 100 ms, so that none takes twice as long as alone.
  expect(percentile(result.waits.get(link.id) ?? [], 0.99)).toBeLessThanOrEqual(50);
}, 120_000);

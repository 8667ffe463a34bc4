/** A client’s circuit breaker pauses by a clock that nobody sets. */
import { expect, it } from '@jest/globals';
import { createClassGates } from '../../src/workos/class-gates.ts';
import { UpstreamFailure } from '../../src/workos/failure.ts';
import { MINUTE_MS, withClocks } from '../support/clock.ts';

const fails = () => Promise.reject(new UpstreamFailure('status', { status: 503 }));
const answers = () => Promise.resolve('answered');

it.each([-10, 0, 10])(
  'pauses for five seconds when the clock is set by %d minutes meanwhile',
  async (minutes) => {
    const gate = createClassGates().of('billing');
    for (let call = 0; call < 30; call += 1) await gate.execute(fails).catch(() => undefined);
    const after = (passedMs: number) =>
      withClocks({ aheadMs: minutes * MINUTE_MS, passedMs }, async () => [
        gate.refuses(),
        gate.admits(),
        await gate.execute(answers).catch(String),
      ]);

    expect([await after(4_000), await after(5_100)]).toEqual([
      [true, false, expect.stringContaining('breaker is open')],
      [false, true, 'answered'],
    ]);
  },
);

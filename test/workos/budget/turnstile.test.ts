import { expect, it } from '@jest/globals';
import { createTurnstile } from '../../../src/workos/budget/turnstile.ts';

const LIMIT = { name: 'one at a time', most: 10, perSecond: 1_000, batch: 1 };

it.each(Array.from({ length: 12 }, (_, steps) => steps))(
  'a call that comes %d steps after another one is not forgotten',
  async (steps) => {
    const { enter } = createTurnstile(LIMIT, { take: () => Promise.resolve(true), waitMs: 500 });
    const enterLater = async (): Promise<void> => {
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      await enter();
    };

    await expect(Promise.all([enter(), enterLater()])).resolves.toEqual([undefined, undefined]);
  },
);

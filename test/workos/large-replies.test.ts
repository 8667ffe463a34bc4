/** How long large replies of WorkOS may take, by a clock of the test. */
import { mock } from 'node:test';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { BodyBudget } from '../../src/workos/body-budget.ts';
import { TOO_LARGE, UpstreamFailure } from '../../src/workos/failure.ts';
import { receive } from '../../src/workos/receiver.ts';
import { smallerWhileTooLarge } from '../../src/workos/smaller-pages.ts';

const MB = 2 ** 20;

let now = 0;
const pass = (ms: number): void => {
  now += ms;
  mock.timers.tick(ms);
};

beforeEach(() => {
  now = 0;
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => now);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

describe('a large reply', () => {
  it('waits for memory for 15 s in all, however often it needs more', async () => {
    const budget = new BodyBudget();
    const waiting: (() => void)[] = [];
    budget.grow = (_room, _bytes, onRoom) => {
      waiting.push(onRoom);
      return false;
    };
    const controller = {
      abort: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    } as unknown as Dispatcher.DispatchController;
    let reply: Dispatcher.DispatchHandler = {};
    const failure = receive((receiver) => (reply = receiver), {
      most: 16 * MB,
      budget,
      attemptMs: 3_000,
    }).catch((error: unknown) => error);
    reply.onRequestStart?.(controller, undefined);
    reply.onResponseStart?.(controller, 200, {});

    for (let turn = 0; turn < 4; turn += 1) {
      reply.onResponseData?.(controller, Buffer.alloc(2 ** turn * MB));
      pass(6_000);
      waiting.pop()?.();
    }

    expect(await failure).toMatchObject({ facts: { reason: 'too many large replies at once' } });
  });
});

describe('a page that is too large', () => {
  it('is not asked for in smaller parts once that has taken 20 s', async () => {
    const asked: number[] = [];
    const tooLarge = new UpstreamFailure('invalid-response', { reason: TOO_LARGE });

    const failure = await smallerWhileTooLarge(100, (limit) => {
      asked.push(limit);
      pass(12_000);
      return Promise.reject(tooLarge);
    }).catch((error: unknown) => error);

    expect(failure).toBe(tooLarge);
    expect(asked).toEqual([100, 10]);
  });
});

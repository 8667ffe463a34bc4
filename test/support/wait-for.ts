import { setTimeout as sleep } from 'node:timers/promises';
import { within } from './within.ts';

/** The default limit of a wait on a machine that nobody else uses. */
const WAIT_MS = 5_000;

interface WaitOptions {
  /** Default: 5 s, and more on a busy machine. */
  readonly withinMs?: number;
  readonly everyMs?: number;
  /** Named by the error if the wait ends in vain. */
  readonly what?: string;
}

/** Polls until the result is neither undefined nor false, and returns it. @throws after `withinMs` */
export async function waitFor<T>(
  poll: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs = within(WAIT_MS), everyMs = 25, what = 'it' }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await poll();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    await sleep(everyMs);
  }
}

/** Asks until `isExpected` accepts the answer, and returns it. @throws with the last answer after `withinMs` */
export async function waitForAnswer<T>(
  ask: () => Promise<T>,
  isExpected: (answer: T) => boolean,
  withinMs = within(WAIT_MS),
  everyMs = 25,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isExpected(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`Not within ${withinMs} ms; the last answer: ${JSON.stringify(answer)}`);
    await sleep(everyMs);
  }
}

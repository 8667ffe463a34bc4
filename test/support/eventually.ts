import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is the one waited for. @throws with the last answer when time is up */
export async function eventually<T>(
  ask: () => Promise<T>,
  isIt: (answer: T) => boolean,
  timeoutMs = 5_000,
  everyMs = 25,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`Not within ${timeoutMs} ms; the last answer: ${JSON.stringify(answer)}`);
    await sleep(everyMs);
  }
}

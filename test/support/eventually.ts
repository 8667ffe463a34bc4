import { setTimeout as pause } from 'node:timers/promises';

/** What `look` returns once it no longer returns undefined or false; looks every `everyMs`. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs = 5_000, everyMs = 25, what = 'it' } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    await pause(everyMs);
  }
}

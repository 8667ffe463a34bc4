import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A `fetch` that ends in time, and repeats where that is safe and the answer says when.
 *
 * @param options.timeoutMs for all attempts and waits together
 */
export function boundedFetch({ fetch = globalThis.fetch, timeoutMs = 15_000, retries = 2 }) {
  return async (request) => {
    const deadline = Date.now() + timeoutMs;
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
    for (let left = mayRepeat(request) ? retries : 0; ; left -= 1) {
      const response = await fetch(left > 0 ? request.clone() : request, { signal });
      const wait = left > 0 ? waitOf(response) : undefined;
      if (wait === undefined || Date.now() + wait >= deadline) return response;
      await response.body?.cancel();
      await sleep(wait, undefined, { signal });
    }
  };
}

const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

const mayRepeat = ({ method, headers }) =>
  IDEMPOTENT.has(method) || (method === 'POST' && headers.has('Idempotency-Key'));

/** Up to a quarter longer than asked for, so that callers do not return together. */
function waitOf({ status, headers }) {
  const seconds = headers.get('Retry-After') ?? '';
  if (![429, 503].includes(status) || !/^\d+$/.test(seconds)) return undefined;
  return Number(seconds) * 1000 * (1 + Math.random() / 4);
}

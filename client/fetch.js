import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A `fetch` that ends in time, and repeats where that is safe and the answer says when.
 *
 * @param options.timeoutMs for all attempts, the waits between them and the body
 */
export function boundedFetch({ fetch = globalThis.fetch, timeoutMs = 15_000, retries = 2 }) {
  return async (request) => {
    const deadline = Date.now() + timeoutMs;
    return within(timeoutMs, request.signal, async (signal) => {
      for (let left = mayRepeat(request) ? retries : 0; ; left -= 1) {
        const response = await fetch(left > 0 ? request.clone() : request, { signal });
        const wait = left > 0 ? waitOf(response) : undefined;
        if (wait === undefined || Date.now() + wait >= deadline) return read(response, signal);
        await response.body?.cancel();
        await sleep(wait, undefined, { signal });
      }
    });
  };
}

/** Node 20 may collect what `AbortSignal.any` and `AbortSignal.timeout` give before they abort. */
async function within(timeoutMs, caller, work) {
  caller.throwIfAborted();
  const controller = new AbortController();
  const follow = () => controller.abort(caller.reason);
  caller.addEventListener('abort', follow);
  const reason = new DOMException(`No answer within ${timeoutMs} ms: timeout.`, 'TimeoutError');
  const timer = setTimeout(() => controller.abort(reason), timeoutMs);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    caller.removeEventListener('abort', follow);
  }
}

/** Reads the body here, as Node 20 and 22 may forget the signal of a `fetch` that has resolved. */
async function read(response, signal) {
  if (response.body === null) return response;
  const chunks = [];
  const write = (chunk) => {
    chunks.push(chunk);
  };
  await response.body.pipeTo(new WritableStream({ write }), { signal });
  return new Response(new Blob(chunks), response);
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

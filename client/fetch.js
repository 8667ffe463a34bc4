import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A `fetch` that ends in time, and repeats where that is safe: when the answer says when, or the connection broke.
 *
 * @param options.timeoutMs for all attempts, the waits between them and the body
 */
export function boundedFetch({ fetch = globalThis.fetch, timeoutMs = 15_000, retries = 2 }) {
  return async (request) => {
    const deadline = Date.now() + timeoutMs;
    return within(timeoutMs, request.signal, async (signal) => {
      const inTime = (wait) => wait !== undefined && Date.now() + wait < deadline;
      for (let left = mayRepeat(request) ? retries : 0; ; left -= 1) {
        const repeats = (wait) => left > 0 && inTime(wait);
        const send = () => fetch(left > 0 ? request.clone() : request, { signal });
        const { response, wait } = await attempt(send, { repeats, signal });
        if (response) return response;
        await pause(wait, signal);
      }
    });
  };
}

/** @returns the answer, read, or how long to wait before the request is repeated */
async function attempt(send, { repeats, signal }) {
  try {
    const response = await send();
    const wait = waitOf(response);
    if (!repeats(wait)) return { response: await read(response, signal) };
    await response.body?.cancel();
    return { wait };
  } catch (error) {
    const wait = isBroken(error) ? longer(BROKEN_MS) : undefined;
    if (signal.aborted || !repeats(wait)) throw error;
    return { wait };
  }
}

/** @throws the reason of the signal, as `fetch` does */
async function pause(ms, signal) {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

const BROKEN_MS = 100;
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE']);

/** True if the connection broke, for instance because the server closed it, idle, when the request was sent. */
const isBroken = (error) => BROKEN.has(error?.cause?.code ?? error?.code);

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

/** Up to a quarter longer, so that callers do not return together. */
const longer = (ms) => ms * (1 + Math.random() / 4);

function waitOf({ status, headers }) {
  const seconds = headers.get('Retry-After') ?? '';
  if (![429, 503].includes(status) || !/^\d+$/.test(seconds)) return undefined;
  return longer(Number(seconds) * 1000);
}

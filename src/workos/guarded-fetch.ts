import { Pool, type Dispatcher } from 'undici';
import { isObject } from '../core/json.ts';
import { BodyBudget, SMALL_BODY } from './body-budget.ts';
import { bodyCapOf } from './body-caps.ts';
import { UpstreamFailure, type RefusedField } from './failure.ts';
import { receive, type Received, type ReadOptions } from './receiver.ts';

const ATTEMPT_MS = 3_000;

export interface GuardedFetchOptions {
  readonly baseUrl: URL;
  /** Sockets, and so calls in flight. Above rate × latency: 256 carry 1,000 links a second at 250 ms. */
  readonly connections?: number;
  readonly attemptMs?: number;
}

export interface GuardedFetch {
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

/**
 * The fetch that the SDK is given. Against what a fetch does by default: follows no redirect (the
 * SDK's would carry our key to wherever one points), reads no more than the operation may answer and
 * than there is memory for, takes nothing but JSON for an answer, and gives up after 3 s, body
 * included (10 s for a large one). Every failure is one `UpstreamFailure` that holds no secret. It is also the fast way: a
 * dispatch costs a quarter of a fetch.
 */
export function createGuardedFetch({
  baseUrl,
  connections = 256,
  attemptMs = ATTEMPT_MS,
}: GuardedFetchOptions): GuardedFetch {
  const pool = new Pool(baseUrl.origin, {
    connections,
    pipelining: 1,
    // HTTP/2 would cost 57 µs a call here and give nothing.
    allowH2: false,
    connect: { timeout: 2_000 },
    headersTimeout: attemptMs,
    bodyTimeout: attemptMs,
  });
  const budgets = { logins: new BodyBudget(), others: new BodyBudget() };
  const fetch = async (url: string, init: RequestInit) => {
    const { pathname } = new URL(url);
    const most = init.method === 'DELETE' ? SMALL_BODY : bodyCapOf(pathname);
    // A spent code has to get to its end, whatever others read meanwhile.
    const budget = pathname === '/sso/token' ? budgets.logins : budgets.others;
    return succeeded(await send(pool, url, init, { most, budget, attemptMs }), init.method);
  };
  return {
    // Sound: the SDK calls it with a string and an init, and reads only what `SdkResponse` has.
    fetch: fetch as unknown as typeof globalThis.fetch,
    close: () => pool.destroy(),
  };
}

/** All that the SDK reads of a response. */
interface SdkResponse {
  readonly ok: true;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

function send(pool: Pool, url: string, init: RequestInit, options: ReadOptions): Promise<Received> {
  const { pathname, search } = new URL(url);
  const request: Dispatcher.DispatchOptions = {
    path: pathname + search,
    method: init.method as Dispatcher.HttpMethod,
    headers: init.headers as Record<string, string>,
    body: init.body === undefined || init.body === null ? null : bodyOf(init.body),
  };
  return receive((receiver) => pool.dispatch(request, receiver), options);
}

/** The SDK sends JSON text, or `URLSearchParams` to `/sso/token`. */
const bodyOf = (body: unknown): string => (typeof body === 'string' ? body : String(body));

/** A response that the SDK may see: a success in JSON. Everything else is thrown. */
function succeeded({ status, headers, body }: Received, method: string | undefined): SdkResponse {
  const type = first(headers['content-type']) ?? '';
  if (status >= 300 && status < 400)
    throw new UpstreamFailure('invalid-response', { status, reason: 'redirect' });
  if (status >= 400) throw refused(status, headers, body);
  // What a deletion is answered with, if anything, is of no interest.
  if (status !== 204 && method !== 'DELETE' && body !== '') {
    if (!/^application\/json\b/i.test(type))
      throw new UpstreamFailure('invalid-response', { status, reason: 'not JSON by its type' });
    if (!isObject(parsed(body)))
      throw new UpstreamFailure('invalid-response', { status, reason: 'not a JSON object' });
  }
  return {
    ok: true,
    status,
    statusText: '',
    headers: { get: (name) => first(headers[name.toLowerCase()]) ?? null },
    text: () => Promise.resolve(body),
  };
}

/** The whole body of a 429 on `/directory_users`, whose limit is by the second. */
const RATE_LIMITED = 'Ratelimited';

function refused(status: number, headers: Received['headers'], body: string): UpstreamFailure {
  const value = parsed(body);
  // A proxy's page, or none: whether what was named exists is not said by it.
  if (status === 404 && !isObject(value))
    return new UpstreamFailure('invalid-response', { status, reason: 'not JSON' });
  const code = isObject(value) ? (value.code ?? value.error) : undefined;
  const fields = isObject(value) ? fieldsOf(value.errors) : [];
  const retryAfter =
    secondsOf(first(headers['retry-after'])) ?? (value === RATE_LIMITED ? 1 : undefined);
  return new UpstreamFailure('status', {
    status,
    ...(isWord(code) && { code }),
    ...(fields.length > 0 && { fields }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w./[\]-]{1,80}$/.test(value);

/** WorkOS's `errors`: `{field, code}`, `{code, message}` or `{instancePath}`. Its messages may quote what was sent. */
function fieldsOf(errors: unknown): RefusedField[] {
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, 20).flatMap((error: unknown) => {
    if (!isObject(error)) return [];
    const field = [error.field, error.instancePath].find(isWord) ?? '';
    const code = isWord(error.code) ? error.code : 'invalid_value';
    return field || isWord(error.code) ? [{ field, code }] : [];
  });
}

/** RFC 9110 §10.2.3: a number of seconds, or a date. */
function secondsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The body is no JSON; the caller reports the failure without it.
    return undefined;
  }
}

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

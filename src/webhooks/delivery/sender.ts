import { Agent, request } from 'undici';
import { proxyDispatcher, type Proxies } from '../../core/proxies.ts';
import { AddressRefused, isRefusedHost, pinnedLookup, type Resolve } from './ssrf-guard.ts';
import type { Attempt, Outcome } from '../attempt.ts';
import type { IsAllowed } from '../endpoint-url.ts';

export interface WebhookSenderOptions {
  readonly isAllowed: IsAllowed;
  readonly proxies?: Proxies | undefined;
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
}

export interface WebhookSender {
  /** Never rejects: every failure is an outcome. */
  send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Attempt>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 15_000;
/** The response body is only drained, so that its connection can be reused. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** Posts to endpoints. Follows no redirect and times out after 15 s. */
export function createWebhookSender({
  isAllowed,
  proxies,
  timeoutMs = TIMEOUT_MS,
  resolve,
}: WebhookSenderOptions): WebhookSender {
  const connectTimeout = Math.min(5_000, timeoutMs);
  const options = {
    allowH2: false,
    connect: { lookup: pinnedLookup(resolve), timeout: connectTimeout },
    connectTimeout,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
  // A proxy resolves names itself, so `pinnedLookup` applies to direct connections only.
  const agent = proxyDispatcher(proxies, options) ?? new Agent(options);
  const post = async (url: string, headers: Readonly<Record<string, string>>, body: string) => {
    const answer = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers,
      body,
      // Also bounds the draining of the body.
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Only the status counts, so errors while draining the body are ignored.
    answer.body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => undefined);
    return answer.statusCode;
  };

  return {
    async send(url, headers, body) {
      const began = performance.now();
      const durationMs = () => Math.round(performance.now() - began);
      const parsed = new URL(url);
      if (!isAllowed(parsed) || isRefusedHost(parsed.hostname))
        return { outcome: 'url_refused', status: null, durationMs: 0 };
      try {
        const status = await post(url, headers, body);
        return { outcome: outcomeOf(status), status, durationMs: durationMs() };
      } catch (error) {
        const { outcome, code } = faultOf(error);
        return { outcome, code, status: null, durationMs: durationMs() };
      }
    },
    close: () => agent.destroy(),
  };
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status >= 300 && status < 400) return 'redirected';
  return status === 410 ? 'gone' : 'refused';
}

/** Error codes of Node.js, OpenSSL and undici. The first match wins. */
const FAULTS: readonly (readonly [RegExp, Outcome])[] = [
  [/^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/, 'timeout'],
  [/^(ENOTFOUND|ENODATA|EAI_\w+)$/, 'name_not_resolved'],
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'connection_reset'],
  [/^(EPROTO|ERR_(TLS|SSL)_\w+|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$|CERT/, 'tls_failed'],
  [/^UND_ERR_HEADERS_OVERFLOW$/, 'invalid_answer'],
];

function faultOf(error: unknown): Pick<Attempt, 'outcome' | 'code'> {
  if (error instanceof AddressRefused) return { outcome: 'address_refused' };
  const { name, code } = error as { name?: string; code?: unknown };
  if (name === 'TimeoutError') return { outcome: 'timeout' };
  // undici does not always set a code.
  if (name === 'HTTPParserError') return { outcome: 'invalid_answer', code: name };
  if (typeof code !== 'string') return { outcome: 'unreachable' };
  const outcome = FAULTS.find(([codes]) => codes.test(code))?.[1] ?? 'unreachable';
  return { outcome, code };
}

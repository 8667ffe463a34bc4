import { request } from 'undici';
import { proxyDispatcher, type Proxies } from '../../core/proxies.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** When the request was sent and the answer had come, in milliseconds since the epoch. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

interface Options {
  readonly headers?: Readonly<Record<string, string>>;
  readonly proxies?: Proxies | undefined;
}

const TIMEOUT_MS = 8_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** Sends a GET without following redirects. @throws the error of the network */
export async function get(url: URL, { headers = {}, proxies }: Options = {}): Promise<Answer> {
  const dispatcher = proxyDispatcher(proxies, { connectTimeout: TIMEOUT_MS });
  const sentAt = Date.now();
  const {
    statusCode,
    headers: received,
    body,
  } = await request(url, {
    ...(dispatcher && { dispatcher }),
    headers,
    // The process ends right after.
    reset: true,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const receivedAt = Date.now();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) break;
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: statusCode, headers: received, text, sentAt, receivedAt };
}

const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'its host name does not resolve'],
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET/, 'the connection was closed'],
  [/EHOSTUNREACH|ENETUNREACH|EACCES/, 'there is no route to it'],
  [/Proxy response \(407\)/, 'the proxy refuses its user or password'],
  [/Proxy response/, 'the proxy refuses the connection'],
  [/TIMEOUT|ETIMEDOUT|TimeoutError|AbortError/i, 'no answer in time'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'its certificate is not valid now'],
  [/ALTNAME|HOSTNAME_MISMATCH/, 'its certificate is for another host name'],
  [/UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_/, 'its certificate is signed by no known authority'],
  [/ERR_SSL|EPROTO/, 'it does not speak TLS'],
];

/** Describes the error of a request in words of ours, and its code. */
export function explainNetwork(error: unknown): string {
  const {
    name = '',
    message = '',
    code: given,
  } = error as { name?: string; message?: string; code?: unknown };
  // The code of a DOMException is a number, which tells nobody anything.
  const code = typeof given === 'string' ? given : '';
  const why = EXPLANATIONS.find(([pattern]) => pattern.test(`${code} ${name} ${message}`))?.[1];
  const label = code || (name === 'Error' ? '' : name);
  if (why === undefined) return label || 'an unknown error';
  return label ? `${why} (${label})` : why;
}

/** Returns the remedy for an answer that never came. @param proxies those that the request went through */
export function networkRemedy(url: URL, error: unknown, proxies?: Proxies): string {
  const why = explainNetwork(error);
  if (why.includes('not valid now'))
    return `Compare \`date -u\` with another clock. If this one is right, whoever runs ${url.host}, or the proxy that answers for it, must renew its certificate.`;
  if (why.includes('certificate'))
    return 'Name the CA’s file with NODE_EXTRA_CA_CERTS, or mend the certificate.';
  return proxies?.https || proxies?.http
    ? 'Correct HTTPS_PROXY, HTTP_PROXY and NO_PROXY.'
    : `Allow connections to ${url.host} (DNS, firewall, network policy), or set ${url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'}.`;
}

export const first = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

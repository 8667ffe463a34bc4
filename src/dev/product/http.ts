/** HTTP helpers of the demo product: replies, forms and cookies. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

/** Without form-action: Chromium would block the redirect from a form to Gatehouse and the portal. */
const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
};
const MAX_FORM_BYTES = 10_000;

export const content = (type: string, body: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': type },
  body,
});

export const page = (html: string, status = 200, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
  body: html,
});

export const redirect = (location: string, headers: Reply['headers'] = {}): Reply => ({
  status: 303,
  headers: { ...headers, location },
  body: '',
});

export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...HEADERS, ...headers });
  response.end(body);
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_FORM_BYTES) throw new Error('The form is too long.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** A `Set-Cookie` value. @param maxAgeSeconds 0 deletes the cookie */
export const cookie = (name: string, value: string, maxAgeSeconds: number, path = '/'): string =>
  `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`;

/** True for a cross-origin POST. `SameSite` is not enough: other ports of this machine are the same site. */
export function isCrossOrigin({ method, headers }: IncomingMessage): boolean {
  const from = headers['sec-fetch-site'] ?? 'none';
  return method !== 'GET' && from !== 'same-origin' && from !== 'none';
}

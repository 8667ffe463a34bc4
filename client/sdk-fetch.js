import { STATUS_CODES } from 'node:http';
import { request } from 'undici';
import { headersOfUser } from './acting-user.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** @type {typeof import('./sdk-fetch.js').sdkFetch} */
export async function sdkFetch(url, { method, headers, body, signal } = {}) {
  const options = { method, headers: headersOfUser(headers), body: textOf(body), signal };
  const fail = (cause) => {
    signal?.throwIfAborted();
    throw new TypeError('fetch failed', { cause });
  };
  const reply = await request(url, options).catch(fail);
  const text = reply.body.text().catch(fail);
  // SDKs repeat a request whose `fetch` fails. One that was answered fails where its body is read.
  await text.catch(() => undefined);
  // A redirect to another host would take the user token along.
  if (REDIRECTS.has(reply.statusCode)) fail(new Error('a redirect'));
  return responseOf(reply, text);
}

/** The SDKs send JSON text or `URLSearchParams`. */
function textOf(body) {
  if (body === undefined || body === null || typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('The body must be a string or URLSearchParams.');
}

/** What the SDKs read of a response. */
const responseOf = ({ statusCode: status, headers }, text) => ({
  ok: status >= 200 && status < 300,
  status,
  statusText: STATUS_CODES[status] ?? '',
  headers: { get: (name) => headers[name.toLowerCase()]?.toString() ?? null },
  text: () => text,
  json: async () => JSON.parse(await text),
});

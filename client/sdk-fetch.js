import { STATUS_CODES } from 'node:http';
import { request } from 'undici';
import { currentUserToken } from './acting-user.js';

/** @type {typeof import('./sdk-fetch.js').sdkFetch} */
export async function sdkFetch(url, { method, headers, body, signal } = {}) {
  const options = { method, headers: withUserToken(headers), body: textOf(body), signal };
  try {
    const reply = await request(url, options);
    const text = await reply.body.text();
    // A redirect to another host would take the user token along.
    if (reply.statusCode >= 300 && reply.statusCode < 400) throw new Error('a redirect');
    return responseOf(reply, text);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new TypeError('fetch failed', { cause });
  }
}

function withUserToken(given) {
  const headers = given instanceof Headers ? Object.fromEntries(given) : { ...given };
  const token = currentUserToken();
  if (token !== undefined) headers['Gatehouse-User-Token'] = token;
  return headers;
}

/** The SDKs send JSON text or `URLSearchParams`. */
const textOf = (body) => (body === undefined || body === null ? null : String(body));

/** What the SDKs read of a response. */
const responseOf = ({ statusCode: status, headers }, text) => ({
  ok: status >= 200 && status < 300,
  status,
  statusText: STATUS_CODES[status] ?? '',
  headers: { get: (name) => headers[name.toLowerCase()]?.toString() ?? null },
  text: async () => text,
  json: async () => JSON.parse(text),
});

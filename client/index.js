import createClient from 'openapi-fetch';
import { boundedFetch } from './fetch.js';

/** @type {typeof import('./index.js').createGatehouseClient} */
export function createGatehouseClient({ baseUrl, apiKey, userToken, ...options }) {
  const client = createClient({
    baseUrl: addressOf(baseUrl),
    fetch: boundedFetch(options),
    // A redirect to another host would take the user token along.
    redirect: 'error',
  });
  client.use({
    async onRequest({ request: { headers }, params }) {
      refuseDotSegments(params.path);
      headers.set('Authorization', `Bearer ${await credential('apiKey', apiKey)}`);
      if (headers.has(USER_TOKEN) || headers.has(USER_ID)) return;
      const token = await valueOf(userToken);
      if (token !== undefined) headers.set(USER_TOKEN, await credential('userToken', token));
    },
    onResponse: ({ response, options }) =>
      response.ok ? requireAnswer(response, options) : withProblem(response),
  });
  return client;
}

const USER_TOKEN = 'Gatehouse-User-Token';
const USER_ID = 'Gatehouse-User-Id';

/** `fetch` resolves `..` and `.` even when encoded, and so would call another operation. */
function refuseDotSegments(path = {}) {
  for (const [name, value] of Object.entries(path))
    if (['', '.', '..'].includes(String(value))) throw new TypeError(`${name} names nothing.`);
}

/** @throws TypeError for what `new URL` takes for a scheme or refuses without its name: `localhost:8080`, undefined; for a query */
function addressOf(baseUrl) {
  const isAddress = /^https?:\/\/[^?#]+$/i.test(baseUrl) && URL.canParse(baseUrl);
  if (!isAddress)
    throw new TypeError(
      'baseUrl must be the address of Gatehouse, such as https://gatehouse.example.',
    );
  return new URL(baseUrl).href;
}

const valueOf = (source) => (typeof source === 'function' ? source() : source);

/** @throws TypeError without the value, which `Headers` would print */
async function credential(name, source) {
  const value = (await valueOf(source))?.trim();
  if (!/^[\x21-\x7e]+$/.test(value ?? '')) throw new TypeError(`${name} is missing or malformed.`);
  return value;
}

/**
 * A proxy may answer with a page to sign in, and status 200.
 *
 * @throws TypeError
 */
function requireAnswer({ status, headers }, { parseAs }) {
  if (parseAs === 'json' && headers.get('Content-Type')?.startsWith('text/html'))
    throw new TypeError(unexpected(status).detail);
}

/** A proxy may answer with a page or nothing; `error` is a problem all the same. */
async function withProblem(response) {
  const { status, statusText, headers } = response;
  // Nobody asked for it, and no body can be given to it.
  if (status === 304) throw new TypeError(unexpected(status).detail);
  const text = await response.text();
  const body = isProblem(text) ? text : JSON.stringify(unexpected(status));
  return new Response(body, { status, statusText, headers: withoutLength(headers) });
}

function isProblem(text) {
  try {
    return typeof JSON.parse(text)?.code === 'string';
  } catch {
    return false;
  }
}

function unexpected(status) {
  const detail = `The answer with status ${status} is not one of Gatehouse.`;
  return {
    ...{ type: 'about:blank', title: 'Unexpected response', status, code: 'unexpected_response' },
    ...{ detail, message: detail, instance: 'about:blank' },
  };
}

/** openapi-fetch takes a length of 0 for no body. */
function withoutLength(headers) {
  const rest = new Headers(headers);
  for (const name of ['Content-Length', 'Content-Encoding']) rest.delete(name);
  return rest;
}

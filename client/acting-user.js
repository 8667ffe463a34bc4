import { AsyncLocalStorage } from 'node:async_hooks';

const tokens = new AsyncLocalStorage();

/** @type {typeof import('./acting-user.js').withUserToken} */
export const withUserToken = (token, work) => tokens.run(token, work);

/** @type {typeof import('./acting-user.js').currentUserToken} */
export const currentUserToken = () => tokens.getStore();

/** @type {typeof import('./acting-user.js').userTokenMiddleware} */
export const userTokenMiddleware = (tokenOf) => (req, _res, next) =>
  tokens.run(tokenOf(req), () => next());

/** @returns the headers that were given, with the token of the current user */
export function headersOfUser(given) {
  const headers = new Headers(given);
  const token = tokens.getStore();
  if (token !== undefined) headers.set('Gatehouse-User-Token', token);
  return headers;
}

/** @type {typeof import('./acting-user.js').fetchWithUserToken} */
export function fetchWithUserToken(input, init) {
  // No Request of our own: `fetch` makes one anyway, and a second costs a third of the whole call.
  const headers = headersOfUser(init?.headers ?? input.headers);
  // A redirect to another host would take the user token along.
  return fetch(input, { ...init, headers, redirect: 'error' });
}

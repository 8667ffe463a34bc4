import { AsyncLocalStorage } from 'node:async_hooks';

const tokens = new AsyncLocalStorage();

/** @type {typeof import('./acting-user.js').withUserToken} */
export const withUserToken = (token, work) => tokens.run(token, work);

/** @type {typeof import('./acting-user.js').currentUserToken} */
export const currentUserToken = () => tokens.getStore();

/** @type {typeof import('./acting-user.js').userTokenMiddleware} */
export const userTokenMiddleware = (tokenOf) => (req, _res, next) =>
  tokens.run(tokenOf(req), () => next());

/** @type {typeof import('./acting-user.js').fetchWithUserToken} */
export function fetchWithUserToken(input, init) {
  // A redirect to another host would take the user token along.
  const request = new Request(input, { ...init, redirect: 'error' });
  const token = tokens.getStore();
  if (token !== undefined) request.headers.set('Gatehouse-User-Token', token);
  return fetch(request);
}

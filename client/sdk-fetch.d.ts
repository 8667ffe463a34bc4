/**
 * `fetchFn` of a WorkOS client, for half the CPU of the `fetch` of Node. It needs the package `undici`: 7 on Node 20, 7
 * or 8 from Node 22.19. It adds the token of the current user, as `fetchWithUserToken` does. Only for the official SDKs:
 * its response has `ok`, `status`, `statusText`, `headers.get`, `text` and `json`, and nothing else.
 *
 * It resolves once the body has arrived or failed; a body that failed throws where it is read.
 *
 * @throws TypeError `fetch failed` if the connection breaks or the answer is a redirect; the reason of the signal
 */
export declare const sdkFetch: typeof fetch;

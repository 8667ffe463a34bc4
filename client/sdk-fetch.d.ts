/**
 * `fetchFn` of a WorkOS client, for half the CPU of the `fetch` of Node: it needs the package `undici`. It adds the
 * token of the current user, as `fetchWithUserToken` does. Only for the official SDKs: its response has `ok`, `status`,
 * `statusText`, `headers.get`, `text` and `json`, and nothing else.
 *
 * @throws TypeError `fetch failed` if the connection breaks or the answer is a redirect; the signal's reason
 */
export declare const sdkFetch: typeof fetch;

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { request } from 'undici';

export interface KeySetOptions {
  readonly url: URL;
  readonly now?: () => number;
  readonly onFetch?: (outcome: 'ok' | 'failed') => void;
}

/** At least this long between two fetches, whatever is asked: unknown `kid`s cost nothing. */
const COOL_DOWN_MS = 30_000;
/** The same while no key is known at all, and so nobody can sign in. */
const FIRST_COOL_DOWN_MS = 5_000;
/** Older keys are fetched anew in the background, so that a withdrawn key goes. */
const FRESH_MS = 10 * 60_000;
/** While the issuer is down, keys that were good go on being good for so long. */
const STALE_MS = 24 * 60 * 60_000;
const MAX_BYTES = 256 * 1024;

/** The issuer's keys could not be had: not the token's fault, so not a 401. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * The keys of one issuer. One fetch at a time, however many tokens wait for it; when it fails,
 * known keys serve on up to a bound (RFC 8725 §3.10: the URL is configured, never the token's).
 */
export function createKeySet({ url, now = Date.now, onFetch }: KeySetOptions): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let pending: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    triedAt = now();
    try {
      keys = createLocalJWKSet(await fetchKeys(url));
      fetchedAt = now();
      onFetch?.('ok');
    } catch {
      onFetch?.('failed');
    } finally {
      pending = undefined;
    }
  };
  const refresh = (): Promise<void> => {
    if (!pending && now() - triedAt < (keys ? COOL_DOWN_MS : FIRST_COOL_DOWN_MS))
      return Promise.resolve();
    return (pending ??= load());
  };
  const current = (): JWTVerifyGetKey => {
    if (!keys || now() - fetchedAt > STALE_MS)
      throw new KeysUnavailable('No keys of the issuer are known.');
    return keys;
  };

  return async (header, token) => {
    if (!keys || now() - fetchedAt > STALE_MS) await refresh();
    else if (now() - fetchedAt > FRESH_MS) void refresh();
    try {
      return await current()(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      return current()(header, token);
    }
  };
}

async function fetchKeys(url: URL): Promise<JSONWebKeySet> {
  const { statusCode, body } = await request(url, {
    headers: { accept: 'application/json' },
    headersTimeout: 2_000,
    bodyTimeout: 2_000,
    signal: AbortSignal.timeout(3_000),
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('The key set is too large.');
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new Error(`The key set answered ${statusCode}.`);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet;
}

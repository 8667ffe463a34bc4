import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import { request, type Dispatcher } from 'undici';
import { proxyDispatcher, type Proxies } from '../core/proxies.ts';

export interface KeySetOptions {
  readonly url: URL;
  readonly proxies?: Proxies;
  /** A clock that is never set, in milliseconds. */
  readonly now?: () => number;
  readonly onFetch?: (outcome: 'ok' | 'failed', error?: unknown) => void;
}

/** Finds the key for a token. It stays the same object as long as the issuer publishes the same keys. */
export type Keys = JWTVerifyGetKey;

export interface KeySet {
  /** True if a key is known that can verify a token. Fetches the keys if none is. */
  isUsable(): Promise<boolean>;
  /** @throws KeysUnavailable */
  current(): Promise<Keys>;
  /** Fetches again, unless that was just done. @returns undefined when the issuer still has these keys */
  newerThan(keys: Keys): Promise<Keys | undefined>;
}

/** Minimum time between two fetches, so that tokens with unknown `kid`s cause no load. */
const COOL_DOWN_MS = 30_000;
/** The same, while no key is known and so nobody can sign in. */
const FIRST_COOL_DOWN_MS = 5_000;
/** Older keys are refreshed in the background. */
const FRESH_MS = 5 * 60_000;
/** Keys older than this are refreshed before use, so that a withdrawn key is not accepted for longer. */
const REFRESH_MS = 10 * 60_000;
/** While the issuer is down, known keys are used for this long. */
const STALE_MS = 24 * 60 * 60_000;
const MAX_BYTES = 256 * 1024;

/** The issuer's keys are not available. The token may be valid, so this is not a 401. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * Cache of the keys of one issuer. Waiting tokens share one fetch; when it fails, known keys are used
 * for up to a day. The URL is configured and never comes from a token (RFC 8725 §3.10).
 */
export function createKeySet({
  url,
  proxies,
  now = () => performance.now(),
  onFetch,
}: KeySetOptions): KeySet {
  const dispatcher = proxyDispatcher(proxies, { connectTimeout: 2_000 });
  let keys: Keys | undefined;
  let published: string | undefined;
  let hasSignatureKey = false;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let pending: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    triedAt = now();
    try {
      const set = await fetchKeys(url, dispatcher);
      const text = JSON.stringify(set.keys);
      if (text !== published) keys = createLocalJWKSet(set);
      published = text;
      hasSignatureKey = set.keys.some(isForSignatures);
      fetchedAt = now();
      onFetch?.('ok');
    } catch (error) {
      // Known keys stay in use.
      onFetch?.('failed', error);
    } finally {
      pending = undefined;
    }
  };
  const refresh = (): Promise<void> => {
    if (!pending && now() - triedAt < (keys ? COOL_DOWN_MS : FIRST_COOL_DOWN_MS))
      return Promise.resolve();
    return (pending ??= load());
  };

  const hasKey = (): boolean =>
    keys !== undefined && now() - fetchedAt <= STALE_MS && hasSignatureKey;

  return {
    async isUsable() {
      if (!hasKey()) await refresh();
      return hasKey();
    },
    async current() {
      const age = now() - fetchedAt;
      const isUntried = now() - triedAt > REFRESH_MS;
      if (!keys || age > STALE_MS || (age > REFRESH_MS && isUntried)) await refresh();
      else if (age > FRESH_MS) refresh().catch((error: unknown) => onFetch?.('failed', error));
      if (!keys || now() - fetchedAt > STALE_MS)
        throw new KeysUnavailable('No keys of the issuer are known.');
      return keys;
    },
    async newerThan(known) {
      if (keys === known) await refresh();
      return keys === known ? undefined : keys;
    },
  };
}

/** Excludes keys for encryption (RFC 7517 §4.2) and symmetric keys. */
const isForSignatures = ({ kty, use }: JWK): boolean => kty !== 'oct' && use !== 'enc';

async function fetchKeys(url: URL, dispatcher?: Dispatcher): Promise<JSONWebKeySet> {
  const { statusCode, body } = await request(url, {
    ...(dispatcher && { dispatcher }),
    headers: { accept: 'application/json' },
    headersTimeout: 2_000,
    bodyTimeout: 2_000,
    signal: AbortSignal.timeout(3_000),
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new KeysUnavailable('The key set is too large.');
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new KeysUnavailable(`The key set answered ${statusCode}.`);
  const set = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet;
  // An empty set is taken for a temporary fault of the issuer: no token is refused because of it.
  if (!Array.isArray(set.keys) || set.keys.length === 0)
    throw new KeysUnavailable('The key set is empty.');
  return set;
}

import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import { request } from 'undici';

export interface KeySetOptions {
  readonly url: URL;
  readonly now?: () => number;
  readonly onFetch?: (outcome: 'ok' | 'failed', error?: unknown) => void;
}

/** Finds the key for a token. The same object for as long as the issuer publishes the same keys. */
export type Keys = JWTVerifyGetKey;

export interface KeySet {
  /** Whether a key is known that a token could be verified with; fetches them if none is. */
  isUsable(): Promise<boolean>;
  /** @throws KeysUnavailable */
  current(): Promise<Keys>;
  /** Fetches anew, unless that was just done. @returns undefined: the issuer still has these keys */
  newerThan(keys: Keys): Promise<Keys | undefined>;
}

/** At least this long between two fetches, whatever is asked: unknown `kid`s cost nothing. */
const COOL_DOWN_MS = 30_000;
/** The same while no key is known at all, and so nobody can sign in. */
const FIRST_COOL_DOWN_MS = 5_000;
/** Older keys are fetched anew in the background. */
const FRESH_MS = 5 * 60_000;
/** A withdrawn key is no good after that: when nobody has tried for so long, the fetch is waited for. */
const REFRESH_MS = 10 * 60_000;
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
export function createKeySet({ url, now = Date.now, onFetch }: KeySetOptions): KeySet {
  let keys: Keys | undefined;
  let published: string | undefined;
  let hasSignatureKey = false;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let pending: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    triedAt = now();
    try {
      const set = await fetchKeys(url);
      const text = JSON.stringify(set.keys);
      if (text !== published) keys = createLocalJWKSet(set);
      published = text;
      hasSignatureKey = set.keys.some(isForSignatures);
      fetchedAt = now();
      onFetch?.('ok');
    } catch (error) {
      // Known keys serve on.
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

/** RFC 7517 §4.2: a key for encryption verifies nothing, and neither does a symmetric one here. */
const isForSignatures = ({ kty, use }: JWK): boolean => kty !== 'oct' && use !== 'enc';

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
    if (bytes > MAX_BYTES) throw new KeysUnavailable('The key set is too large.');
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new KeysUnavailable(`The key set answered ${statusCode}.`);
  const set = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet;
  // An issuer without any key is having a bad minute: nobody's token is refused for that.
  if (!Array.isArray(set.keys) || set.keys.length === 0)
    throw new KeysUnavailable('The key set is empty.');
  return set;
}

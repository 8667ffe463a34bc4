import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { Secret } from './secret.ts';

const KINDS = [
  'state',
  'magic',
  'flow',
  'code',
  'access',
  'logout',
  'form',
  'test',
  'tested',
] as const;

/** Kinds of tokens. Each has its own key, so a token of one kind is never accepted as another. */
export type TokenKind = (typeof KINDS)[number];

/** Kinds of secrets stored in our tables. They do not expire. */
export type SecretKind = 'webhook' | 'mail';

/** Issue and expiry of a token, in seconds since 1970. */
export interface TokenTimes {
  readonly iat: number;
  readonly exp: number;
}

export interface TokenSealer {
  /** @param seconds lifetime of the token */
  seal(kind: TokenKind, payload: object, seconds: number): string;
  /** Returns undefined when the token is not ours, of another kind, altered, issued in the future or expired. */
  open<T extends object>(kind: TokenKind, token: string): (T & TokenTimes) | undefined;
  /** Opens a token that expired within the last day, to tell what it was about. It must not be accepted. */
  openExpired<T extends object>(kind: TokenKind, token: string): (T & TokenTimes) | undefined;
}

export interface SecretEncryption {
  encrypt(secret: Secret): string;
  /** Returns undefined when the key is no longer in `GATEHOUSE_KEYS`. */
  decrypt(encrypted: string): Secret | undefined;
  /** True if the first key encrypted it. If not, encrypt it again before its key is removed. */
  isCurrent(encrypted: string): boolean;
}

interface SealingKey {
  /** The JWE protected header: names the key and the kind of the token. */
  readonly header: string;
  readonly key: KeyObject;
}

const MAX_LENGTH = 16_384;
/** Largest clock difference between two replicas: each up to a minute off, one ahead and one behind. */
export const CLOCK_SKEW_SECONDS = 120;
/** How long an expired token is still told apart from an invalid one. */
const LATE_SECONDS = 86_400;
/** JWE compact serialization: header, no encrypted key, 12-byte nonce, ciphertext, 16-byte tag. */
const COMPACT = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/**
 * Encrypts a payload into a compact JWE (RFC 7516, `dir` with A256GCM), so that a browser or client
 * can carry state that any replica can read. The first key encrypts, every key decrypts: keys rotate
 * without breaking in-progress logins. Built on `node:crypto`, because WebCrypto costs 100 µs per
 * token and a sign-in uses seven.
 */
export function createTokenSealer(
  masters: readonly Secret[],
  now = () => Math.floor(Date.now() / 1_000),
): TokenSealer {
  const keys = Object.fromEntries(
    KINDS.map((kind) => [kind, masters.map((master) => derive(master, kind))]),
  ) as Record<TokenKind, SealingKey[]>;

  const read = <T extends object>(kind: TokenKind, token: string): (T & TokenTimes) | undefined => {
    const text = decrypt(keys[kind], token);
    if (text === undefined) return undefined;
    const payload = JSON.parse(text) as T & TokenTimes;
    return payload.iat <= now() + CLOCK_SKEW_SECONDS ? payload : undefined;
  };

  return {
    seal(kind, payload, seconds) {
      const [first] = keys[kind];
      if (!first) throw new Error('There is no key to seal with.');
      const iat = now();
      return encrypt(first, JSON.stringify({ ...payload, iat, exp: iat + seconds }));
    },

    open<T extends object>(kind: TokenKind, token: string) {
      const payload = read<T>(kind, token);
      return payload && payload.exp > now() ? payload : undefined;
    },

    openExpired<T extends object>(kind: TokenKind, token: string) {
      const payload = read<T>(kind, token);
      const age = payload && now() - payload.exp;
      return age !== undefined && age >= 0 && age < LATE_SECONDS ? payload : undefined;
    },
  };
}

/** Encrypts secrets for our own tables, so that read access to the database does not reveal them. */
export function createSecretEncryption(
  masters: readonly Secret[],
  kind: SecretKind,
): SecretEncryption {
  const keys = masters.map((master) => derive(master, kind));
  const [first] = keys;
  if (!first) throw new Error('There is no key to seal with.');
  return {
    encrypt: (secret) => encrypt(first, secret.reveal()),
    decrypt(encrypted) {
      const text = decrypt(keys, encrypted);
      return text === undefined ? undefined : new Secret(text);
    },
    isCurrent: (encrypted) => encrypted.startsWith(`${first.header}.`),
  };
}

/** Identifies a key in logs, metrics and headers without revealing it. */
export const keyId = (master: Secret): string =>
  createHash('sha256')
    .update(Buffer.from(master.reveal(), 'base64'))
    .digest('base64url')
    .slice(0, 8);

/** The id of the key that encrypted a stored secret, for reporting only. Undefined when it names none. */
export function keyIdOf(sealed: string): string | undefined {
  const [header = ''] = sealed.split('.');
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    return typeof kid === 'string' && /^[\w-]{8}$/.test(kid) ? kid : undefined;
  } catch {
    // Not one of our values; the caller handles undefined.
    return undefined;
  }
}

/** Derives one key per kind from a master secret (HKDF, RFC 5869). */
function derive(master: Secret, kind: TokenKind | SecretKind): SealingKey {
  const secret = Buffer.from(master.reveal(), 'base64');
  const header = { alg: 'dir', enc: 'A256GCM', typ: `gatehouse-${kind}`, kid: keyId(master) };
  const key = hkdfSync('sha256', secret, '', `gatehouse ${kind}`, 32);
  return {
    header: Buffer.from(JSON.stringify(header)).toString('base64url'),
    key: createSecretKey(Buffer.from(key)),
  };
}

function encrypt({ header, key }: SealingKey, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(header));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return `${header}..${parts.join('.')}`;
}

/** Compares the header with our own and never parses it, so a caller cannot choose the algorithm or key. */
function decrypt(keys: readonly SealingKey[], token: string): string | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  const [, header, ...parts] = COMPACT.exec(token) ?? [];
  const found = keys.find((key) => key.header === header);
  const [nonce, sealed, tag] = parts.map(decode);
  if (!found || !nonce || !sealed || !tag) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(found.header)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
  } catch {
    // The authentication tag does not match.
    return undefined;
  }
}

/** Returns undefined for a non-canonical encoding: every token has exactly one valid text. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

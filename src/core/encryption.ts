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

const KINDS = ['state', 'magic', 'flow', 'code', 'access', 'logout', 'form'] as const;

/** What can be sealed. Each kind has a key of its own, so that none passes for another. */
export type TokenKind = (typeof KINDS)[number];

/** What is sealed to be kept: it does not expire. */
export type SecretKind = 'webhook';

/** Of what is sealed, in seconds since 1970. */
export interface TokenTimes {
  readonly iat: number;
  readonly exp: number;
}

export interface TokenSealer {
  /** @param seconds how long it is good for */
  seal(kind: TokenKind, payload: object, seconds: number): string;
  /** Undefined: not ours, of another kind, tampered with, sealed in the future, or expired. */
  open<T extends object>(kind: TokenKind, token: string): (T & TokenTimes) | undefined;
}

export interface SecretEncryption {
  encrypt(secret: Secret): string;
  /** Returns undefined when the key is no longer in `GATEHOUSE_KEYS`. */
  decrypt(encrypted: string): Secret | undefined;
  /** True if the first key encrypted it. If not, encrypt it again before its key is removed. */
  isCurrent(encrypted: string): boolean;
}

interface SealingKey {
  /** The protected header, which says whose and of what kind a token is. */
  readonly header: string;
  readonly key: KeyObject;
}

const MAX_LENGTH = 16_384;
/** How far the clocks of two replicas may be apart: each up to a minute off, one ahead and one behind. */
export const CLOCK_SKEW_SECONDS = 120;
/** Header, no encrypted key, 12 bytes of nonce, text, 16 bytes of tag. */
const COMPACT = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;

/**
 * Seals facts into a compact JWE (RFC 7516, `dir` with A256GCM), so that a browser or a sibling can
 * carry them for us and any replica can read them. The first key seals, all open: keys rotate
 * without breaking a login in flight. Written on `node:crypto`: through WebCrypto a token costs
 * 100 µs, and a sign-in has seven.
 */
export function createTokenSealer(
  masters: readonly Secret[],
  now = () => Math.floor(Date.now() / 1_000),
): TokenSealer {
  const keys = Object.fromEntries(
    KINDS.map((kind) => [kind, masters.map((master) => derive(master, kind))]),
  ) as Record<TokenKind, SealingKey[]>;

  return {
    seal(kind, payload, seconds) {
      const [first] = keys[kind];
      if (!first) throw new Error('There is no key to seal with.');
      const iat = now();
      return encrypt(first, JSON.stringify({ ...payload, iat, exp: iat + seconds }));
    },

    open<T extends object>(kind: TokenKind, token: string) {
      const text = decrypt(keys[kind], token);
      if (text === undefined) return undefined;
      const payload = JSON.parse(text) as T & TokenTimes;
      const isGood = payload.iat <= now() + CLOCK_SKEW_SECONDS && payload.exp > now();
      return isGood ? payload : undefined;
    },
  };
}

/** Seals secrets for our own tables, so that who reads the database cannot use them. */
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

/** Names a key in logs, metrics and headers, and tells nothing of it. */
export const keyId = (master: Secret): string =>
  createHash('sha256')
    .update(Buffer.from(master.reveal(), 'base64'))
    .digest('base64url')
    .slice(0, 8);

/** The id of the key that sealed something kept, read only to tell it; undefined if there is none. */
export function keyIdOf(sealed: string): string | undefined {
  const [header = ''] = sealed.split('.');
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    return typeof kid === 'string' && /^[\w-]{8}$/.test(kid) ? kid : undefined;
  } catch {
    // It is not one of our seals; the caller handles undefined.
    return undefined;
  }
}

/** RFC 5869: one key per kind out of one secret. */
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

/** The header is compared, never read: nobody but us has a say in how a token is opened. */
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
    // The authentication tag does not fit, which is all that there is to know.
    return undefined;
  }
}

/** Undefined: another spelling of the same bytes. A token has one text. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

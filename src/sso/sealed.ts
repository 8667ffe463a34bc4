import { createHash, hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import type { Secret } from '../secret.ts';

/** What can be sealed. Each kind has a key of its own, so that none passes for another. */
export type SealedKind = 'state' | 'flow' | 'code' | 'access' | 'logout' | 'bounce';

export interface Sealer {
  /** @param seconds how long it is good for */
  seal(kind: SealedKind, payload: object, seconds: number): Promise<string>;
  /** Undefined: not ours, of another kind, tampered with, or expired. */
  open<T extends object>(kind: SealedKind, token: string): Promise<T | undefined>;
}

interface SealingKey {
  readonly id: string;
  readonly of: Readonly<Record<SealedKind, Uint8Array>>;
}

const KINDS: readonly SealedKind[] = ['state', 'flow', 'code', 'access', 'logout', 'bounce'];
const MAX_LENGTH = 16_384;

/**
 * Seals facts into a compact JWE (RFC 7516, `dir` with A256GCM), so that a browser or a sibling can
 * carry them for us and any replica can read them. The first key seals, all open: keys rotate
 * without breaking a login in flight.
 */
export function createSealer(
  masters: readonly Secret[],
  now = () => Math.floor(Date.now() / 1_000),
): Sealer {
  const keys = masters.map(derive);
  const [first] = keys;
  if (!first) throw new Error('There is no key to seal with.');

  return {
    seal(kind, payload, seconds) {
      const iat = now();
      const text = JSON.stringify({ ...payload, iat, exp: iat + seconds });
      return new CompactEncrypt(Buffer.from(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: typeOf(kind), kid: first.id })
        .encrypt(first.of[kind]);
    },

    async open<T extends object>(kind: SealedKind, token: string) {
      const key = keys.find(({ id }) => id === keyIdOf(token, kind));
      if (!key) return undefined;
      try {
        const { plaintext } = await compactDecrypt(token, key.of[kind], {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        const payload = JSON.parse(Buffer.from(plaintext).toString('utf8')) as T & {
          iat: number;
          exp: number;
        };
        return payload.iat <= now() + 5 && payload.exp > now() ? payload : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

const typeOf = (kind: SealedKind) => `gatehouse-${kind}`;

/** RFC 5869: one key per kind out of one secret. */
function derive(master: Secret): SealingKey {
  const secret = Buffer.from(master.reveal(), 'base64');
  const of = Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      new Uint8Array(hkdfSync('sha256', secret, '', `gatehouse ${kind}`, 32)),
    ]),
  );
  return {
    id: createHash('sha256').update(secret).digest('base64url').slice(0, 8),
    of: of as SealingKey['of'],
  };
}

/** Undefined: not a token of this kind. */
function keyIdOf(token: string, kind: SealedKind): string | undefined {
  if (token.length > MAX_LENGTH) return undefined;
  try {
    const { typ, kid } = decodeProtectedHeader(token);
    return typ === typeOf(kind) ? kid : undefined;
  } catch {
    return undefined;
  }
}

import { hash } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { atMost } from '../at-most.ts';
import type { TokenIssuer } from '../config.ts';
import { KeysUnavailable } from './key-set.ts';

/** RFC 8725 §3.1: fixed, asymmetric, and never the token's choice. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** RFC 9068 §2.1 and RFC 7519 §5.1; an absent `typ` is common and harmless. */
const TYPES = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];
const TOLERANCE_S = 10;
/** A token for longer is a password: it could not be withdrawn. */
const MAX_LIFETIME_S = 24 * 60 * 60;
/** Headers by which a token would choose the key that judges it (RFC 8725 §3.10). */
const KEY_HEADERS = ['jku', 'x5u', 'jwk'];

export type VerifyToken = (token: string) => Promise<JWTPayload>;

/** The token is not good; the reason is for the log, not for the caller. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

/**
 * Verifies JWTs of one issuer. A verified token is remembered, never past its `exp`: checking an
 * RSA signature costs 50 µs, an elliptic one 140.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function createTokenVerifier(
  { issuer, audience }: TokenIssuer,
  keys: JWTVerifyGetKey,
): VerifyToken {
  const verified = new LRUCache<string, JWTPayload>(atMost(10_000));

  const verify = async (token: string): Promise<JWTPayload> => {
    refuseHeader(token);
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: TOLERANCE_S,
    });
    refuseClaims(payload);
    return payload;
  };

  return async (token) => {
    const digest = hash('sha256', token);
    const known = verified.get(digest);
    if (known && isCurrent(known)) return known;
    try {
      const payload = await verify(token);
      verified.set(digest, payload);
      return payload;
    } catch (error) {
      if (error instanceof KeysUnavailable) throw error;
      throw new InvalidToken('The token is not valid.', { cause: error });
    }
  };
}

const isCurrent = ({ exp = 0 }: JWTPayload): boolean => exp + TOLERANCE_S > Date.now() / 1_000;

function refuseHeader(token: string): void {
  const header = decodeProtectedHeader(token) as Record<string, unknown>;
  const type = header.typ;
  if (!TYPES.includes(typeof type === 'string' ? type.toLowerCase() : (type as undefined))) {
    throw new Error('The token is of another type.');
  }
  if (KEY_HEADERS.some((name) => name in header)) throw new Error('The token names its own key.');
  // RFC 7797 §7: never for a JWT; and without `crit` nobody would look at it.
  if (header.b64 === false) throw new Error('The payload is not encoded.');
}

function refuseClaims({ exp = 0, aud, sub }: JWTPayload): void {
  // A list of one would look like the text in it wherever it is turned into text.
  if (typeof sub !== 'string') throw new Error('The subject is not one string.');
  if (exp - Date.now() / 1_000 > MAX_LIFETIME_S + TOLERANCE_S)
    throw new Error('The token lives too long.');
  // A token for several audiences can be replayed by any of the others.
  if (Array.isArray(aud) && aud.length !== 1)
    throw new Error('The token is for several audiences.');
}

import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { Secret } from './secret.ts';

/** Digests of a text by each of our keys, the current one first. Nobody without a key can compute them. */
export type KeyedDigests = (text: string) => readonly [string, ...string[]];

/**
 * HMAC-SHA-256 under keys derived for one purpose (HKDF, RFC 5869). The first key makes new digests; those
 * of the others let processes agree while `GATEHOUSE_KEYS` is being changed.
 */
export function createKeyedDigests(masters: readonly Secret[], purpose: string): KeyedDigests {
  const [first, ...others] = masters.map((master) => {
    const secret = Buffer.from(master.reveal(), 'base64');
    return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `gatehouse ${purpose}`, 32)));
  });
  if (!first) throw new Error('There is no key to derive from.');
  return (text) => {
    const digestBy = (key: typeof first) =>
      createHmac('sha256', key).update(text).digest('base64url');
    return [digestBy(first), ...others.map(digestBy)];
  };
}

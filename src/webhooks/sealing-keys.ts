import { keyId, keyIdOf, type SecretEncryption } from '../core/encryption.ts';
import type { Secret } from '../core/secret.ts';
import { sealedIn, type SealedSecrets } from './sealed-secrets-store.ts';

/** A key of `GATEHOUSE_KEYS`, or a missing one that is still needed. */
export interface KeyUse {
  /** Id of the key; `unreadable` for damaged secrets that no key decrypts. */
  readonly key: string;
  /** `first` encrypts and decrypts, `other` decrypts, `missing` is not in `GATEHOUSE_KEYS`. */
  readonly state: 'first' | 'other' | 'missing';
  /** Endpoints whose current or still valid former secrets only this key decrypts. */
  readonly endpoints: number;
}

/** Counts the endpoints that need each key: configured keys in their order, then missing ones. */
export function keyUses(
  masters: readonly Secret[],
  encryption: SecretEncryption,
  secrets: readonly SealedSecrets[],
): KeyUse[] {
  const configured = [...new Set(masters.map(keyId))];
  const counts = new Map(configured.map((key) => [key, 0]));
  const keyOf = (sealed: string): string => {
    const key = keyIdOf(sealed) ?? 'unreadable';
    return configured.includes(key) && !encryption.decrypt(sealed) ? 'unreadable' : key;
  };
  for (const row of secrets)
    for (const key of new Set(sealedIn(row).map(keyOf)))
      counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].map(([key, endpoints]) => ({
    key,
    state: key === configured[0] ? 'first' : configured.includes(key) ? 'other' : 'missing',
    endpoints,
  }));
}

export const missingKeys = (uses: readonly KeyUse[]): KeyUse[] =>
  uses.filter(({ state }) => state === 'missing');

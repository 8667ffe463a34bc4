import { isDeepStrictEqual } from 'node:util';
import type { SecretEncryption } from '../../core/encryption.ts';
import type { SealedSecrets, SealedSecretStore } from '../sealed-secrets-store.ts';

/**
 * Re-encrypts endpoint secrets with the first of `GATEHOUSE_KEYS`, so that another key can be removed
 * without losing a secret. Idempotent.
 *
 * @returns the number of endpoints that changed
 */
export async function resealSecrets(
  secrets: SealedSecretStore,
  encryption: SecretEncryption,
): Promise<number> {
  let count = 0;
  for (const row of await secrets.all()) {
    const to = { ...row, ...resealed(row, encryption) };
    if (isDeepStrictEqual(to, row)) continue;
    await secrets.replace(row.id, row, to);
    count += 1;
  }
  return count;
}

function resealed(
  { secret, formerSecret, olderSecret }: SealedSecrets,
  encryption: SecretEncryption,
) {
  const anew = (sealed: string): string => {
    const opened = encryption.isCurrent(sealed) ? undefined : encryption.decrypt(sealed);
    return opened ? encryption.encrypt(opened) : sealed;
  };
  const anewOrNull = (sealed: string | null) => (sealed === null ? null : anew(sealed));
  return {
    secret: anew(secret),
    formerSecret: anewOrNull(formerSecret),
    olderSecret: anewOrNull(olderSecret),
  };
}

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
    const to = { ...row, ...reencryptAll(row, encryption) };
    if (isDeepStrictEqual(to, row)) continue;
    await secrets.replace(row.id, row, to);
    count += 1;
  }
  return count;
}

function reencryptAll(
  { secret, formerSecret, olderSecret }: SealedSecrets,
  encryption: SecretEncryption,
) {
  const reencrypted = (sealed: string): string => {
    const opened = encryption.isCurrent(sealed) ? undefined : encryption.decrypt(sealed);
    return opened ? encryption.encrypt(opened) : sealed;
  };
  const reencryptedOrNull = (sealed: string | null) =>
    sealed === null ? null : reencrypted(sealed);
  return {
    secret: reencrypted(secret),
    formerSecret: reencryptedOrNull(formerSecret),
    olderSecret: reencryptedOrNull(olderSecret),
  };
}

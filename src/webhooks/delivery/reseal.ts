import type { Vault } from '../../core/encryption.ts';
import type { MessageStore, SealedSecrets } from '../messages-store.ts';

/**
 * Seals again, with the first of `GATEHOUSE_KEYS`, what another of them sealed: so that one may be
 * taken away and no endpoint loses its secret. Safe to repeat.
 *
 * @returns how many endpoints it did so for
 */
export async function resealSecrets(
  messages: Pick<MessageStore, 'secrets' | 'reseal'>,
  vault: Vault,
): Promise<number> {
  let count = 0;
  for (const row of await messages.secrets()) {
    const to = { ...row, ...resealed(row, vault) };
    if (to.secret === row.secret && to.formerSecret === row.formerSecret) continue;
    await messages.reseal(row.id, row, to);
    count += 1;
  }
  return count;
}

function resealed({ secret, formerSecret }: SealedSecrets, vault: Vault) {
  const anew = (sealed: string): string => {
    const opened = vault.isCurrent(sealed) ? undefined : vault.open(sealed);
    return opened ? vault.seal(opened) : sealed;
  };
  return { secret: anew(secret), formerSecret: formerSecret === null ? null : anew(formerSecret) };
}

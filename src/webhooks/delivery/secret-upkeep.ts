import type { Logger } from 'pino';
import { createSecretEncryption } from '../../core/encryption.ts';
import type { Secret } from '../../core/secret.ts';
import type { MessageStore } from '../messages-store.ts';
import type { SealedSecretStore } from '../sealed-secrets-store.ts';
import { resealSecrets } from './reseal.ts';
import { keyUses, missingKeys, type KeyUse } from '../sealing-keys.ts';

export interface SecretUpkeepDeps {
  readonly secrets: SealedSecretStore;
  readonly messages: Pick<MessageStore, 'runAsideNow'>;
  readonly keys: readonly Secret[];
  readonly logger: Logger;
  readonly onKeys: (uses: readonly KeyUse[]) => void;
}

/** A missing key is logged in the first round and every tenth round after it. */
const LOG_EVERY = 10;

/**
 * Re-encrypts endpoint secrets with the first key, and reports which keys are still needed. Deliveries
 * that were set aside are retried in the first round, and when fewer endpoints lack their key than before.
 */
export function createSecretUpkeep({ secrets, messages, keys, logger, onKeys }: SecretUpkeepDeps) {
  const encryption = createSecretEncryption(keys, 'webhook');
  let lackingBefore = Infinity;
  let rounds = 0;
  return async (): Promise<void> => {
    const resealed = await resealSecrets(secrets, encryption);
    if (resealed > 0)
      logger.info({ endpoints: resealed }, 'endpoint secrets were re-encrypted with the first key');
    const uses = keyUses(keys, encryption, await secrets.all());
    onKeys(uses);
    const missing = missingKeys(uses);
    const lacking = missing.reduce((sum, { endpoints }) => sum + endpoints, 0);
    if (lacking < lackingBefore) await messages.runAsideNow();
    if (lacking > 0 && (lacking !== lackingBefore || rounds % LOG_EVERY === 0))
      logger.error({ missing: missing.map(({ key, endpoints }) => ({ key, endpoints })) }, MISSING);
    lackingBefore = lacking;
    rounds += 1;
  };
}

const MISSING =
  'endpoint secrets are encrypted with keys that GATEHOUSE_KEYS lacks, so their deliveries wait: add the keys again, or let the clients rotate these secrets';

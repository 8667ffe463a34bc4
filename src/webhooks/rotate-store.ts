/** Rotation of the secret that signs deliveries. */
import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { Problem } from '../core/problem.ts';
import type { Database } from '../db/database.ts';
import { COLUMNS, only, OWN, type EndpointRow, type Owner } from './endpoint-row-store.ts';

export type RotatedEndpoint = EndpointRow & { readonly formerSecretUntil: Date };

interface Rotation {
  readonly client: Owner;
  readonly id: string;
  /** Encrypted. */
  readonly secret: string;
  readonly audit: AuditRow;
}

const ROTATE = `update webhook_endpoints w set secret = $4,
    older_secret = case when former_secret_until > now() then former_secret end,
    older_secret_until = case when former_secret_until > now() then former_secret_until end,
    former_secret = secret, former_secret_until = now() + interval '24 hours', updated_at = now()
  where ${OWN} and w.id = $3 and coalesce(older_secret_until <= now(), true)
  returning ${COLUMNS}, former_secret_until as "formerSecretUntil"`;

const OLDEST_SECRET = `select older_secret_until as until from webhook_endpoints w
  where ${OWN} and w.id = $3`;

/** When the oldest of the three secrets ends. */
interface Oldest {
  readonly until: Date;
}

/**
 * The former secret also signs for 24 hours. A second rotation in that time keeps it: a receiver
 * may not have got the secret of the first one.
 *
 * @throws Problem `entity-not-found`, `too-many-secrets`
 */
export function rotateSecret(
  db: Database,
  { client, id, secret, audit }: Rotation,
): Promise<RotatedEndpoint> {
  return db.transaction(async (tx) => {
    const own = [client.id, client.generation, id];
    const [endpoint] = await tx.query<RotatedEndpoint>(ROTATE, [...own, secret]);
    if (!endpoint) throw tooManySecrets(only(await tx.query<Oldest>(OLDEST_SECRET, own)));
    await recordIn(tx, audit);
    return endpoint;
  });
}

function tooManySecrets({ until }: Oldest): Problem {
  const seconds = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 1_000));
  return new Problem(
    'too-many-secrets',
    `The secret was rotated twice within 24 hours; rotate it again after ${until.toISOString()}.`,
    { retryAfter: seconds },
  );
}

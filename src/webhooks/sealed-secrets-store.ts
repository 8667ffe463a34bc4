import type { Database } from '../db/database.ts';

/** The encrypted secrets of an endpoint. */
export interface SealedSecrets {
  readonly id: string;
  readonly secret: string;
  readonly formerSecret: string | null;
  readonly olderSecret: string | null;
}

/** The secrets that still sign; a former secret that has expired is null. */
export const SEALED = `secret,
  case when former_secret_until > now() then former_secret end as "formerSecret",
  case when older_secret_until > now() then older_secret end as "olderSecret"`;
const SECRETS = `select id, ${SEALED} from webhook_endpoints`;

/** The secrets that sign now, newest first. */
export const sealedIn = ({
  secret,
  formerSecret,
  olderSecret,
}: Omit<SealedSecrets, 'id'>): string[] =>
  [secret, formerSecret, olderSecret].filter((one) => one !== null);

const RESEAL = `update webhook_endpoints set secret = $3, former_secret = $4, older_secret = $5
  where id = $1 and secret = $2`;

export type SealedSecretStore = ReturnType<typeof createSealedSecretStore>;

export const createSealedSecretStore = (db: Database) => ({
  /** The secrets of all endpoints, whatever key they are encrypted with. */
  all: (): Promise<SealedSecrets[]> => db.query<SealedSecrets>(SECRETS),

  /** Replaces the secrets of an endpoint, unless they have changed meanwhile. */
  async replace(id: string, from: SealedSecrets, to: SealedSecrets): Promise<void> {
    await db.query(RESEAL, [id, from.secret, to.secret, to.formerSecret, to.olderSecret]);
  },
});

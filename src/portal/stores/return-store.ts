import type { Queryable } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import {
  LAUNCH_COLUMNS,
  LAUNCH_WITH_FACTS,
  type LaunchRow,
  type LaunchWithFacts,
} from './launch-store.ts';

/** How long after its redirect a launch has its return page. */
export const RETURN_PAGE_MS = 86_400_000;

/** SQL: the launch of a return token. */
const OF_TOKEN = `l.return_token_sha256 = $1 and l.redirected_at > now() - interval '${RETURN_PAGE_MS} milliseconds'`;
const FIRST_RETURN = {
  name: 'first-return',
  text: `update portal_launches l set returned_at = now()
    where ${OF_TOKEN} and l.returned_at is null returning ${LAUNCH_COLUMNS}`,
};
const RETURNED = {
  name: 'returned-launch',
  text: `select ${LAUNCH_WITH_FACTS} from portal_launches l where ${OF_TOKEN}`,
};
const CONFIGURE = {
  name: 'configure-launches',
  text: `update portal_launches set configured_at = $3
    where tenant_id = $1 and intent = $2 and configured_at is null
      and redirected_at between $3::timestamptz - interval '24 hours' and $3`,
};

export type ReturnStore = ReturnType<typeof createReturnStore>;

export const createReturnStore = (db: Database) => ({
  /**
   * Finds the launch that a return token belongs to, for a day after its redirect, and marks it as
   * returned.
   *
   * @param onFirst called at the first return, in its transaction
   */
  returned(
    returnTokenSha256: Buffer,
    onFirst: (tx: Queryable, launch: LaunchRow) => Promise<void>,
  ): Promise<LaunchWithFacts | undefined> {
    return db.transaction(async (tx) => {
      const [first] = await tx.query<LaunchRow>(FIRST_RETURN, [returnTokenSha256]);
      if (first) await onFirst(tx, first);
      return (await tx.query<LaunchWithFacts>(RETURNED, [returnTokenSha256]))[0];
    });
  },
});

/** An event of WorkOS which shows that the feature of an intent is set up. */
export interface Configuration {
  readonly intent: string;
  readonly tenantId: string;
  readonly at: Date;
}

/** Marks the launches of a tenant as configured that were redirected within the day before the event. */
export async function markConfigured(
  tx: Queryable,
  { tenantId, intent, at }: Configuration,
): Promise<void> {
  await tx.query(CONFIGURE, [tenantId, intent, at]);
}

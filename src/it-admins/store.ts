import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import type { RegistryState } from '../auth/permission.ts';
import { checkCancelled } from '../core/caller.ts';
import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import { createGrouped } from '../db/group-commit.ts';
import { itAdmins } from '../db/schema/it-admins.ts';

// A subquery, so that each row is looked up in the index; a join may be planned as a scan.
const STATES = {
  name: 'it-admin-states',
  text: `select (select a.state from it_admins a where a.tenant_id = asked.tenant_id and a.user_id = asked.user_id) as state
    from unnest($1::text[], $2::text[]) with ordinality as asked (tenant_id, user_id, n) order by asked.n`,
};
const MAX_LISTED = 1_000;

export type ItAdminRow = typeof itAdmins.$inferSelect;
export type ItAdminStore = ReturnType<typeof createItAdminStore>;

const COLUMNS = columnsOf(itAdmins);

interface Asked {
  readonly tenantId: string;
  readonly userId: string;
}

async function statesOf(db: Database, asked: readonly Asked[]): Promise<RegistryState[]> {
  const rows = await db.query<{ state: RegistryState | null }>(STATES, [
    asked.map(({ tenantId }) => tenantId),
    asked.map(({ userId }) => userId),
  ]);
  return rows.map(({ state }) => state ?? undefined);
}

export const createItAdminStore = (db: Database) => {
  const states = createGrouped({
    name: 'it-admin-states',
    ask: (asked: readonly Asked[]) => statesOf(db, asked),
    overloaded: 'The registry of IT admins cannot keep up.',
  });
  return {
    ...storeOf(db),
    /** Never cached, so that a denial takes effect at once. */
    async stateOf(tenantId: string, userId: string): Promise<RegistryState> {
      checkCancelled();
      return states.add({ tenantId, userId });
    },
  };
};

const storeOf = (db: Database) => ({
  list: (tenantId: string): Promise<ItAdminRow[]> =>
    db.query(`select ${COLUMNS} from it_admins where tenant_id = $1 order by user_id limit $2`, [
      tenantId,
      MAX_LISTED,
    ]),

  async find(tenantId: string, userId: string): Promise<ItAdminRow | undefined> {
    const [row] = await db.query<ItAdminRow>(
      `select ${COLUMNS} from it_admins where tenant_id = $1 and user_id = $2`,
      [tenantId, userId],
    );
    return row;
  },

  put(
    tenantId: string,
    userId: string,
    state: 'granted' | 'denied',
    audit: AuditRow,
  ): Promise<ItAdminRow & { inserted: boolean }> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<ItAdminRow & { inserted: boolean }>(
        // An update leaves created_at as it was, so that only an insert has both times equal.
        `insert into it_admins (tenant_id, user_id, state) values ($1, $2, $3)
         on conflict (tenant_id, user_id) do update set state = excluded.state, updated_at = now()
         returning ${COLUMNS}, created_at = updated_at as inserted`,
        [tenantId, userId, state],
      );
      if (!row) throw new Error('An upsert returned no row.');
      await recordIn(tx, audit);
      return row;
    });
  },

  /** @returns false if there was no row */
  delete(tenantId: string, userId: string, audit: AuditRow): Promise<boolean> {
    return db.transaction(async (tx) => {
      const rows = await tx.query(
        'delete from it_admins where tenant_id = $1 and user_id = $2 returning user_id',
        [tenantId, userId],
      );
      if (rows.length > 0) await recordIn(tx, audit);
      return rows.length > 0;
    });
  },
});

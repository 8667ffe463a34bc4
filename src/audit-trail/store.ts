import type { Client } from '../core/identity.ts';
import { columnsOf } from '../db/columns.ts';
import type { Database } from '../db/database.ts';
import type { ResultPage } from '../db/page.ts';
import { auditTrail } from '../db/schema/audit-trail.ts';
import { coverageOf } from '../db/tenant-rules.ts';
import { BOUNDS, readKeys, type AuditKey, type KeyPage } from './keys-store.ts';
import { selectionOf, type AuditFilter } from './selection-store.ts';

export interface AuditTrailRow {
  readonly id: string;
  readonly at: Date;
  readonly operation: string;
  readonly outcome: string;
  readonly clientId: string | null;
  readonly userId: string | null;
  readonly tenantId: string | null;
  readonly requestId: string;
  readonly details: Record<string, unknown>;
}

/**
 * Reads the audit trail; `writer.ts` writes it.
 *
 * @param bounds of the rows looked at for a page
 */
export const createAuditTrailStore = (db: Database, bounds = BOUNDS) => ({
  /**
   * Returns a page in the order of time. It may have fewer rows than asked for, and a cursor: when very many
   * rows were looked at, and few of them match.
   */
  async list(client: Client, filter: AuditFilter): Promise<ResultPage<AuditTrailRow>> {
    const { limit, before, after, order } = filter;
    const cursor = before ?? after;
    const from = cursor === undefined ? undefined : await keyOf(db, cursor);
    const selection = selectionOf(client, filter, await coverageOf(db, client.tenants));
    if (selection === undefined || (cursor !== undefined && from === undefined)) return EMPTY;
    const isDescending = (order === 'desc') !== (before !== undefined);
    const page = await readKeys(db, selection, { from, limit, isDescending }, bounds);
    return before === undefined ? forwards(db, page, cursor) : backwards(db, page, before);
  },

  /** True if an entry has this id, whoever may see it. */
  has: async (id: string): Promise<boolean> => (await keyOf(db, id)) !== undefined,
});

async function forwards(db: Database, { keys, next }: KeyPage, cursor: string | undefined) {
  const data = await rowsOf(db, keys);
  const before = cursor === undefined ? null : (data[0]?.id ?? null);
  return { data, list_metadata: { before, after: next ?? null } };
}

async function backwards(db: Database, { keys, next }: KeyPage, cursor: string) {
  const data = await rowsOf(db, keys.toReversed());
  return { data, list_metadata: { before: next ?? null, after: data.at(-1)?.id ?? cursor } };
}

export type AuditTrailStore = ReturnType<typeof createAuditTrailStore>;

const EMPTY: ResultPage<AuditTrailRow> = {
  data: [],
  list_metadata: { before: null, after: null },
};

const KEY = { name: 'audit-key', text: 'select id, at::text from audit_trail where id = $1' };

async function keyOf(db: Database, id: string): Promise<AuditKey | undefined> {
  return (await db.query<AuditKey>(KEY, [id]))[0];
}

const ROWS = {
  name: 'audit-rows',
  text: `select ${columnsOf(auditTrail, { alias: 'a' })}
    from unnest($1::bigint[], $2::timestamptz[]) with ordinality as page (id, at, nth)
      join audit_trail a on a.id = page.id and a.at = page.at
    order by page.nth`,
};

const rowsOf = (db: Database, keys: readonly AuditKey[]): Promise<AuditTrailRow[]> =>
  db.query<AuditTrailRow>(ROWS, [keys.map(({ id }) => id), keys.map(({ at }) => at)]);

import { columnsOf } from '../../db/columns.ts';
import type { Database } from '../../db/database.ts';
import { tenantOccurrences } from '../../db/schema/timeline.ts';
import type { EntryOutcome, Placed, Source, SourceQuery } from '../entry.ts';
import { kindOf, sentenceOf } from '../words/operations.ts';
import { inIndexOrder } from './in-index-order-store.ts';

interface OccurrenceRow {
  readonly at: Date;
  readonly operation: string;
  readonly outcome: EntryOutcome;
  readonly reason: string;
  readonly clientId: string;
  readonly count: number;
  readonly lastAt: Date;
  /** To the microsecond. */
  readonly lastAtText: string;
  readonly requestId: string;
  readonly said: string | null;
}

/** A row's last occurrence lies within its five minutes, so this is the order of `last_at` too. */
const KEY = 'at, last_at, operation, outcome, reason, client_id';
const PAGE = `select ${columnsOf(tenantOccurrences)}, last_at::text as "lastAtText" from tenant_occurrences
  where tenant_id = $1 and ($2::timestamptz is null or at >= $2::timestamptz - interval '5 minutes')
    and ($3::timestamptz is null or (${KEY}) < ($3, $4::timestamptz, $5, $6, $7, $8))
  order by at desc, last_at desc, operation desc, outcome desc, reason desc, client_id desc limit $9`;

export const occurrenceSource = (db: Database): Source => ({
  async read({ tenantId, since, limit, key = [] }: SourceQuery) {
    const [at, lastAt, operation, outcome, reason, clientId] = key;
    const values = [tenantId, since, at, lastAt, operation, outcome, reason, clientId, limit];
    return (await inIndexOrder<OccurrenceRow>(db, PAGE, values)).map(placed);
  },
});

function placed(row: OccurrenceRow): Placed {
  const names = [row.operation, row.outcome, row.reason, row.clientId];
  const at = row.at.toISOString();
  const reason = row.reason === '' ? null : row.reason;
  const clientId = row.clientId === '' ? null : row.clientId;
  return {
    at: row.lastAt,
    key: [at, row.lastAtText, ...names],
    entry: {
      id: `occurrence_${[at, ...names].join('_')}`,
      at: row.lastAt,
      kind: kindOf(row.operation),
      operation: row.operation,
      outcome: row.outcome,
      reason,
      text: sentenceOf({ ...row, reason, clientId, userId: null, details: {} }),
      count: row.count,
      clientId,
      userId: null,
      requestId: row.requestId,
    },
  };
}

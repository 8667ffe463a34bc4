import type { AuditTrailRow } from '../../audit-trail/store.ts';
import { csvLine } from '../csv.ts';
import type { ConsoleFile } from '../page.ts';
import { filterOf, FILTERS, tenantOf, type AuditDeps } from './audit-filter.ts';

const PER_READ = 500;
/** An export ends after so many rows. */
export const MOST_EXPORTED = 100_000;

/** The rows that the page's filters select, as a file for spreadsheets. */
export const auditFile = ({ list }: AuditDeps): ConsoleFile => ({
  path: '/audit.csv',
  name: 'audit trail export',
  fileName: 'audit-trail.csv',
  type: 'text/csv; charset=utf-8',
  reads: FILTERS,
  tenantOf,
  async *write({ query }) {
    const { filter, wrong } = filterOf(query);
    yield csvLine(COLUMNS);
    let after: string | undefined;
    for (let count = 0; !wrong;) {
      const page = await list({ ...filter, after, limit: PER_READ, order: 'desc' });
      yield page.data.map((row) => csvLine(lineOf(row))).join('');
      count += page.data.length;
      after = page.list_metadata.after ?? undefined;
      if (after === undefined) return;
      if (count >= MOST_EXPORTED) {
        yield csvLine([
          `There are more than ${MOST_EXPORTED} rows. Export the rest with an earlier "until".`,
        ]);
        return;
      }
    }
  },
});

const COLUMNS = [
  'at',
  'operation',
  'outcome',
  'client_id',
  'user_id',
  'tenant_id',
  'request_id',
  'details',
];

const lineOf = (row: AuditTrailRow): (string | null)[] => [
  row.at.toISOString(),
  row.operation,
  row.outcome,
  row.clientId,
  row.userId,
  row.tenantId,
  row.requestId,
  JSON.stringify(row.details),
];

import type { AuditFilter } from '../../audit-trail/selection-store.ts';
import type { AuditTrailRow } from '../../audit-trail/store.ts';
import type { ResultPage } from '../../db/page.ts';
import { ClientId, TenantId } from '../../core/wire-ids.ts';
import { timeOf } from '../../core/time.ts';
import { csvLine } from '../csv.ts';
import { tenantCell } from '../links.ts';
import type { ConsoleFile, ConsolePage, Query, Visit } from '../page.ts';
import { withQuery } from '../paths.ts';
import type { Cell, Field, Notice, Tone, View } from '../view.ts';

export interface AuditDeps {
  readonly list: (filter: AuditFilter) => Promise<ResultPage<AuditTrailRow>>;
}

const PER_PAGE = 50;
const PER_READ = 500;
/** An export ends after so many rows. */
export const MOST_EXPORTED = 100_000;

const FILTERS = ['tenant', 'client', 'user', 'operation', 'since', 'until'] as const;

/** The audit trail, newest first, with filters. */
export const auditPage = ({ list }: AuditDeps): ConsolePage => ({
  path: '/audit',
  name: 'audit trail',
  reads: [...FILTERS, 'older'],
  tenantOf,
  async show({ query }) {
    const { filter, wrong } = filterOf(query);
    const page = wrong ? NO_ROWS : await list({ ...filter, limit: PER_PAGE, order: 'desc' });
    return view(query, page, wrong);
  },
});

/** The rows of the same filters, as a file for spreadsheets. */
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

const NO_ROWS = { data: [], list_metadata: { before: null, after: null } };
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

function tenantOf({ query }: Visit): string | undefined {
  const tenant = TenantId.safeParse(query.tenant);
  return tenant.success ? tenant.data : undefined;
}

interface Filters {
  readonly filter: Omit<AuditFilter, 'limit' | 'order'>;
  /** The label of a filter that cannot be read. */
  readonly wrong: string | undefined;
}

function filterOf({ tenant, client, user, operation, older, ...query }: Query): Filters {
  const [since, until] = [timeIn(query.since), timeIn(query.until)];
  const wrong = since === null ? 'Since' : until === null ? 'Until' : undefined;
  return {
    wrong,
    filter: {
      tenant_id: tenant,
      client_id: client,
      user_id: user,
      operation,
      since: since ?? undefined,
      until: until ?? undefined,
      after: older !== undefined && /^\d{1,18}$/.test(older) ? older : undefined,
    },
  };
}

/** A day, or a day and a time, in UTC. Null if it is neither. */
function timeIn(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  const [, day, time = '00:00', seconds = ':00'] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?Z?$/.exec(text) ?? [];
  const at = timeOf(day === undefined ? text : `${day}T${time}${seconds}Z`);
  return at?.toISOString() ?? null;
}

const FIELDS: readonly (Omit<Field, 'value'> & { readonly name: (typeof FILTERS)[number] })[] = [
  { name: 'tenant', label: 'Tenant' },
  { name: 'client', label: 'Client' },
  { name: 'user', label: 'User' },
  { name: 'operation', label: 'Operation', hint: 'createPortalLaunch' },
  { name: 'since', label: 'Since (UTC)', hint: '2026-11-28 22:00' },
  { name: 'until', label: 'Until (UTC)', hint: '2026-11-29' },
];

function view(
  query: Query,
  { data, list_metadata: { after } }: ResultPage<AuditTrailRow>,
  wrong: string | undefined,
): View {
  const next = after === null ? undefined : withQuery('/audit', { ...query, older: after });
  return {
    title: 'Audit trail',
    sections: [
      {
        ...(wrong && { notices: [unreadable(wrong)] }),
        filter: {
          to: '/audit',
          button: 'Filter',
          fields: FIELDS.map((field) => ({ ...field, value: query[field.name] ?? '' })),
        },
        links: [
          {
            to: withQuery('/audit.csv', { ...query, older: undefined }),
            text: 'Export these rows as CSV',
          },
        ],
      },
      {
        table: {
          caption: 'Audit trail, newest first',
          columns: ['When', 'Operation', 'Outcome', 'Client', 'User', 'Tenant', 'Details'],
          rows: data.map(row),
          empty: next
            ? 'None of the latest entries matches; look among older ones.'
            : 'No entry matches.',
          next,
        },
      },
    ],
  };
}

const unreadable = (label: string): Notice => ({
  tone: 'bad',
  text: `${label} is no time.`,
  hint: 'Write a day, or a day and a time in UTC: 2026-11-28 or 2026-11-28 22:00.',
});

const TONES: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  failed: 'bad',
  refused: 'bad',
  attempted: 'waiting',
};

const row = (one: AuditTrailRow): Cell[] => [
  { at: one.at },
  one.operation,
  { state: TONES[one.outcome] ?? 'plain', text: one.outcome },
  ClientId.safeParse(one.clientId).success
    ? { link: `/clients/${one.clientId ?? ''}`, text: one.clientId ?? '' }
    : one.clientId,
  one.userId,
  tenantCell(one.tenantId),
  detailsOf(one),
];

/** Each fact by itself; the request's id leads to the log. */
function detailsOf({ details, requestId }: AuditTrailRow): Cell {
  const lines = Object.entries(details).map(([name, value]) => `${name}: ${textOf(value)}`);
  const [first = 'request'] = lines;
  const summary = first.length > LONGEST_SUMMARY ? `${first.slice(0, LONGEST_SUMMARY)}…` : first;
  return { summary, lines: [...lines, `request: ${requestId}`] };
}
const LONGEST_SUMMARY = 40;

const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
};

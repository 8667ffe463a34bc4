import type { AuditTrailRow } from '../../audit-trail/store.ts';
import type { ResultPage } from '../../db/page.ts';
import { ClientId } from '../../core/wire-ids.ts';
import { tenantCell } from '../links.ts';
import type { ConsolePage, Query } from '../page.ts';
import { withQuery } from '../paths.ts';
import type { Cell, Field, Notice, Tone, View } from '../view.ts';
import { filterOf, FILTERS, tenantOf, type AuditDeps, type Filters } from './audit-filter.ts';

const PER_PAGE = 50;
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

const NO_ROWS = { data: [], list_metadata: { before: null, after: null } };
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
  wrong: Filters['wrong'],
): View {
  const next = after === null ? undefined : withQuery('/audit', { ...query, older: after });
  return {
    title: 'Audit trail',
    result: wrong && unreadable(wrong),
    sections: [
      {
        filter: {
          to: '/audit',
          button: 'Filter',
          fields: FIELDS.map((field) => ({
            ...field,
            value: query[field.name] ?? '',
            isWrong: field.name === wrong,
          })),
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

const unreadable = (wrong: 'since' | 'until'): Notice => ({
  tone: 'bad',
  text: `${wrong === 'since' ? 'Since' : 'Until'} is not a time.`,
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

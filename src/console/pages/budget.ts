import { PRIORITIES } from '../../core/caller.ts';
import type { UpstreamBudget } from '../../upstream-budget/service.ts';
import type { ConsolePage } from '../page.ts';
import type { Chart, Section, View } from '../view.ts';
import { clientCell } from '../links.ts';

/** Bars in the picture; the table has all clients. */
const MOST_BARS = 12;

/** The requests to WorkOS of the last minute, as a picture and as a table. */
export const budgetPage = (budget: () => UpstreamBudget): ConsolePage => ({
  path: '/budget',
  name: 'budget',
  show: () => Promise.resolve(view(budget())),
});

function view(use: UpstreamBudget): View {
  return {
    title: 'Budget of requests to WorkOS',
    sections: [whole(use), clients(use), ...(use.holds.length > 0 ? [holds(use)] : [])],
  };
}

const whole = ({ used, limit, remaining, used_by_priority }: UpstreamBudget): Section => ({
  title: 'All processes, in the last minute',
  lead: 'WorkOS limits the requests a minute of one API key. Logins (login) go first, then portal links (interactive), other requests (ordinary), and lists and background tasks (batch).',
  facts: [
    ['Used', `${used.toLocaleString('en')} of ${limit.toLocaleString('en')}`],
    ['Left', remaining],
  ],
  chart: {
    label: `${used} of ${limit} requests used in the last minute: ${PRIORITIES.map((one) => `${used_by_priority[one]} ${one}`).join(', ')}`,
    max: Math.max(limit, used),
    series: PRIORITIES,
    bars: [{ name: 'All clients', segments: segmentsOf(used_by_priority) }],
  },
});

const clients = ({ clients: all }: UpstreamBudget): Section => ({
  title: 'By client',
  lead: '`@background` stands for background tasks, `@browsers` for pages that browsers open.',
  ...(all.length > 0 && { chart: chartOf(all) }),
  table: {
    caption: 'Requests of each client in the last minute',
    columns: ['Client', 'Used', 'Share now', ...PRIORITIES],
    rows: all.map(({ client_id, used, share, used_by_priority }) => [
      client_id.startsWith('@') ? client_id : clientCell(client_id),
      used,
      share,
      ...PRIORITIES.map((one) => used_by_priority[one]),
    ]),
    empty: 'Nobody made a request in the last minute.',
  },
});

const chartOf = (all: UpstreamBudget['clients']): Chart => ({
  label: `Requests of the last minute by client: ${all
    .slice(0, MOST_BARS)
    .map(({ client_id, used, share }) => `${client_id} ${used} of ${share}`)
    .join(', ')}`,
  max: Math.max(1, ...all.map(({ used }) => used)),
  series: PRIORITIES,
  bars: all.slice(0, MOST_BARS).map(({ client_id, used_by_priority }) => ({
    name: client_id,
    segments: segmentsOf(used_by_priority),
  })),
});

const segmentsOf = (amounts: UpstreamBudget['used_by_priority']) =>
  PRIORITIES.map((one, series) => ({ series, value: amounts[one] })).filter(
    ({ value }) => value > 0,
  );

const holds = ({ holds: all }: UpstreamBudget): Section => ({
  title: 'Held back by WorkOS',
  lead: 'WorkOS answered 429 with Retry-After. No process asks again before that time.',
  table: {
    caption: 'Operations that WorkOS holds back',
    columns: ['Operation', 'Asked again in'],
    rows: all.map(({ operation, retry_after }) => [{ code: operation }, `${retry_after} s`]),
    empty: '',
  },
});

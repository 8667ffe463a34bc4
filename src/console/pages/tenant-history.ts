import type { EntryOutcome, TimelineEntry, TimelinePage } from '../../timeline/entry.ts';
import { withQuery } from '../paths.ts';
import type { Cell, Section, Tone } from '../view.ts';
import { clientCell } from '../links.ts';

const OUTCOME_TONES: Readonly<Record<EntryOutcome, Tone>> = {
  succeeded: 'good',
  failed: 'bad',
  refused: 'bad',
  waiting: 'waiting',
  attempted: 'waiting',
  started: 'plain',
  returned: 'plain',
};

/** Shows what happened to the tenant, newest first. */
export const historySection = (id: string, { entries, next }: TimelinePage): Section => ({
  title: 'What happened',
  lead: 'Provisioning, portal launches, logins, events and refusals, newest first. `gatehouse why` prints the same.',
  table: {
    caption: 'Timeline of the tenant',
    columns: ['When', 'What', 'Outcome', 'Who', 'Request'],
    rows: entries.map(row),
    empty: 'Nothing is recorded about this tenant.',
    next: next === null ? undefined : withQuery(`/tenants/${id}`, { older: next }),
  },
});

const row = (entry: TimelineEntry): Cell[] => [
  { at: entry.at },
  whatCell(entry),
  [
    { state: OUTCOME_TONES[entry.outcome], text: entry.outcome },
    ...(entry.reason === null ? [] : [{ code: entry.reason }]),
  ],
  [
    ...(entry.clientId === null ? [] : [clientCell(entry.clientId)]),
    ...(entry.userId === null ? [] : [{ quiet: entry.userId }]),
  ],
  entry.requestId === null ? null : { code: entry.requestId },
];

/** The text, and below it what the text does not say: the operation, and how often it happened. */
function whatCell({ text, operation, count }: TimelineEntry): Cell {
  const more = [
    ...(text.includes(operation) ? [] : [operation]),
    ...(count > 1 ? [`${count} times`] : []),
  ];
  return [text, ...(more.length > 0 ? [{ quiet: more.join(', ') }] : [])];
}

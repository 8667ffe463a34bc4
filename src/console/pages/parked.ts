import type { Parked } from '../../events/inbox/parked-store.ts';
import { eventCell, eventPath } from '../links.ts';
import type { ConsolePage } from '../page.ts';
import type { Action, Section } from '../view.ts';

export interface ParkedDeps {
  /** Oldest first. @param id only this entry */
  readonly parked: (id?: string) => Promise<readonly Parked[]>;
}

export const parkedSection = (entries: readonly Parked[]): Section => ({
  title: 'Parked',
  lead: 'Events that could not be applied, and input that this release cannot read. Others do not wait for them. Retry one after its cause is fixed.',
  table: {
    caption: 'Parked events, oldest first',
    columns: ['Event', 'Type', 'Why', 'Organization', 'Parked', 'Action'],
    rows: entries.map((one) => [
      eventCell(one.id),
      one.event ?? one.kind,
      one.reason,
      one.organizationId === null ? null : { code: one.organizationId },
      { at: one.at },
      [{ action: retryOf(one) }, { link: dropPath(one.id), text: 'Drop…', about: one.id }],
    ]),
    empty: 'No event is parked.',
  },
});

const dropPath = (id: string): string => `${eventPath(id)}/drop`;

const retryOf = ({ id }: Parked): Action => ({
  label: 'Retry',
  about: id,
  to: '/events/retry',
  fields: { event: id },
});

/** Asks before an event is dropped, because that cannot be undone. */
export const dropPage = ({ parked }: ParkedDeps): ConsolePage => ({
  path: '/events/:id/drop',
  name: 'drop event',
  async show({ id }) {
    const [entry] = await parked(id);
    return (
      entry && {
        kind: 'Parked event',
        title: 'Drop this event?',
        sections: [
          {
            notices: [
              {
                tone: 'bad',
                text: 'It is never applied or delivered, and not taken in again.',
                hint: 'What it reports is then missing in the mirror and in the feeds of clients.',
              },
            ],
            facts: [
              ['Id', { code: entry.id }],
              ['Type', entry.event ?? entry.kind],
              ['Why it is parked', entry.reason],
              ['Parked', { at: entry.at }],
            ],
            actions: [
              { label: 'Drop it', to: '/events/drop', fields: { event: id }, isMain: true },
            ],
            links: [{ to: '/events', text: 'Keep it' }],
          },
        ],
      }
    );
  },
});

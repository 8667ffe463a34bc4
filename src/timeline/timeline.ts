import type { Database } from '../db/database.ts';
import { isRefusedValue } from '../db/problems.ts';
import type { Placed, Source, TimelineEntry, TimelinePage, TimelineQuery } from './entry.ts';
import { auditSource } from './sources/audit-store.ts';
import { eventSource, parkedEvents } from './sources/events-store.ts';
import { launchSource } from './sources/launches-store.ts';
import { occurrenceSource } from './sources/occurrences-store.ts';

/** Places in the sources, by their names: a cursor as data. */
type Places = Readonly<Record<string, readonly string[]>>;

/** A source with the rows that were read, of which the first `used` are in the page. */
interface Opened {
  readonly name: string;
  readonly rows: readonly Placed[];
  used: number;
}

export interface Timeline {
  /**
   * Reads what happened to a tenant, newest first, from the audit trail, the occurrences, the portal launches
   * and the events. Takes a bounded time, however many rows there are.
   *
   * @throws RangeError if the cursor is not one of a page
   */
  read(tenantId: string, query: TimelineQuery): Promise<TimelinePage>;
}

export function createTimeline(db: Database): Timeline {
  const sources: Readonly<Record<string, Source>> = {
    audit: auditSource(db),
    occurrences: occurrenceSource(db),
    launches: launchSource(db),
    events: eventSource(db),
  };
  return {
    async read(tenantId, { since, limit, cursor }) {
      const places = cursor === undefined ? {} : placesOf(cursor);
      const read = Object.entries(sources).map(async ([name, source]): Promise<Opened> => {
        const query = { tenantId, since, limit: limit + 1, key: places[name] };
        return { name, rows: await source.read(query), used: 0 };
      });
      const opened = await Promise.all(read).catch((error: unknown) => {
        throw cursor !== undefined && isRefusedValue(error) ? notOurs() : error;
      });
      const { entries, next } = merged(opened, limit, places);
      // A parked event has no place among the applied ones yet, and needs attention: it comes first.
      const parked = cursor === undefined ? await parkedEvents(db, tenantId) : [];
      return { entries: [...parked, ...entries], next };
    },
  };
}

/** Takes the newest first row of all sources, again and again. Each source keeps its own order. */
function merged(opened: readonly Opened[], limit: number, before: Places): TimelinePage {
  const entries: TimelineEntry[] = [];
  while (entries.length < limit && !opened.some((source) => hasMore(source, limit))) {
    const [newest] = opened
      .filter(({ rows, used }) => used < rows.length)
      .sort((a, b) => atOf(b) - atOf(a));
    if (!newest) return { entries, next: null };
    const entry = newest.rows[newest.used]?.entry;
    if (entry) entries.push(entry);
    newest.used += 1;
  }
  const isLast = opened.every(({ rows, used }) => used === rows.length && rows.length <= limit);
  return { entries, next: isLast ? null : cursorOf(opened, before) };
}

/** True if all rows that were read are used, and there are more. */
const hasMore = ({ rows, used }: Opened, limit: number): boolean =>
  used === rows.length && rows.length > limit;

const atOf = ({ rows, used }: Opened): number => rows[used]?.at.getTime() ?? 0;

const cursorOf = (opened: readonly Opened[], before: Places): string => {
  const places = opened.flatMap(({ name, rows, used }) => {
    const key = used > 0 ? rows[used - 1]?.key : before[name];
    return key ? [[name, key]] : [];
  });
  return Buffer.from(JSON.stringify(Object.fromEntries(places))).toString('base64url');
};

/** @throws RangeError */
function placesOf(cursor: string): Places {
  try {
    const places = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (isPlaces(places)) return places;
  } catch {
    // The parser's message would quote the cursor.
  }
  throw notOurs();
}

const notOurs = () => new RangeError('The cursor is not one that a page of the timeline gave.');

const isPlaces = (value: unknown): value is Places =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every(
    (key) => Array.isArray(key) && key.length <= 6 && key.every((part) => typeof part === 'string'),
  );

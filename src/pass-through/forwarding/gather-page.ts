/** Pages of lists from which objects of other tenants are left out. */
import { isObject, type JsonObject } from '../../core/json.ts';
import { invalidField } from '../../core/problem.ts';
import { paginate } from '../../workos/paginate.ts';

/** 5,000 objects at 100 a page. */
const MAX_PAGES = 50;

export interface PageQuery {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly order?: string | undefined;
}

export interface Page {
  readonly object?: unknown;
  readonly data: readonly unknown[];
  readonly list_metadata: {
    readonly before?: string | null | undefined;
    readonly after?: string | null | undefined;
  };
}

/** A page as WorkOS gave it, and as the client may see it. */
export interface FilteredPage<T = unknown> {
  readonly full: Page;
  readonly visible: readonly T[];
}

/**
 * Reads WorkOS's pages until the page that was asked for is full. Its cursors are visible objects, and
 * so must be the cursor that was given: with another one, the page would reveal when that object was created.
 *
 * @throws Problem `invalid-request` if the list has no visible object with the cursor's id
 * @throws UpstreamFailure `invalid-response` after 50 pages
 */
export async function gatherPage(
  read: (query: Readonly<Record<string, string>>) => Promise<FilteredPage>,
  asked: PageQuery,
): Promise<Page> {
  const isNormal = asked.order === 'normal';
  const query = isNormal ? newestFirst(asked) : asked;
  const cursor = query.after ?? query.before;
  const found = await readUntil(read, query, cursor);
  const at = positionOf(found, cursor);
  if (cursor !== undefined && at < 0) throw unknownCursor(asked);
  const page = pageAt(found, at, query);
  return isNormal ? swapped(page) : page;
}

/** Reads visible objects from the start of the list until the page is full. */
async function readUntil(
  read: (query: Readonly<Record<string, string>>) => Promise<FilteredPage>,
  { limit, before, order }: PageQuery,
  cursor: string | undefined,
): Promise<readonly unknown[]> {
  const pages = paginate(
    (after) =>
      read({
        limit: '100',
        ...(order !== undefined && { order }),
        ...(after !== undefined && { after }),
      }),
    ({ full }) => full.list_metadata.after,
    { maxPages: MAX_PAGES },
  );
  const found: unknown[] = [];
  for await (const { visible } of pages) {
    found.push(...visible);
    const at = positionOf(found, cursor);
    const isReached = cursor === undefined || at >= 0;
    if (isReached && (before !== undefined || found.length > at + 1 + limit)) break;
  }
  return found;
}

/** Returns -1 without a cursor: the place before the first object. */
const positionOf = (found: readonly unknown[], cursor: string | undefined): number =>
  cursor === undefined ? -1 : found.findIndex((one) => idOf(one) === cursor);

const unknownCursor = ({ after }: PageQuery) =>
  invalidField(
    after === undefined ? 'before' : 'after',
    'invalid_value',
    'is not an id that a list gave',
  );

function pageAt(found: readonly unknown[], at: number, { limit, before }: PageQuery): Page {
  const from = before === undefined ? at + 1 : Math.max(0, at - limit);
  const to = before === undefined ? from + limit : at;
  const data = found.slice(from, to);
  return {
    object: 'list',
    data,
    list_metadata: {
      before: from > 0 ? idOf(data[0]) : null,
      after: to < found.length ? idOf(data.at(-1)) : null,
    },
  };
}

export const idOf = (object: unknown): string | null =>
  isObject(object) && typeof object.id === 'string' ? object.id : null;

/** WorkOS's order `normal` is `desc` with the two cursors swapped. */
export const newestFirst = ({ after, before, ...query }: PageQuery): PageQuery => ({
  ...query,
  order: 'desc',
  after: before,
  before: after,
});
export const swapped = <P extends Page>(page: P): P => {
  const { after, before } = page.list_metadata;
  return { ...page, list_metadata: { before: after, after: before } };
};

export const isPage = (reply: unknown): reply is JsonObject & Page =>
  isObject(reply) && Array.isArray(reply.data) && isObject(reply.list_metadata);

/** True for a page from which objects of WorkOS's page were left out. */
export const isPartOf = (answer: unknown, reply: unknown): boolean =>
  isPage(answer) && isPage(reply) && answer.data.length < reply.data.length;

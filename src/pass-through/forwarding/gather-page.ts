/** Pages of lists from which objects of other tenants are left out. */
import { isObject, type JsonObject } from '../../core/json.ts';
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
  readonly data: readonly unknown[];
  readonly list_metadata: {
    readonly before?: string | null | undefined;
    readonly after?: string | null | undefined;
  };
}

/** A page as WorkOS gave it, and as the client may see it. */
export interface FilteredPage {
  readonly full: Page;
  readonly visible: readonly unknown[];
}

/**
 * Reads WorkOS's pages until the page that was asked for is full. Its cursors are visible objects,
 * so they reveal nothing about the others, and a page is only short at the end of the list.
 *
 * @throws UpstreamFailure `invalid-response` after 50 pages
 */
export async function gatherPage(
  read: (query: Readonly<Record<string, string>>) => Promise<FilteredPage>,
  query: PageQuery,
): Promise<Page> {
  if (query.order === 'normal') return swapped(await gatherPage(read, newestFirst(query)));
  const { limit, after, before, order } = query;
  const direction = before === undefined ? 'after' : 'before';
  const readAt = (cursor: string | undefined) =>
    read({
      limit: '100',
      ...(order !== undefined && { order }),
      ...(cursor !== undefined && { [direction]: cursor }),
    });
  const pages = paginate(readAt, ({ full }) => full.list_metadata[direction], {
    from: after ?? before,
    maxPages: MAX_PAGES,
  });
  let found: unknown[] = [];
  for await (const { visible } of pages) {
    found = direction === 'after' ? [...found, ...visible] : [...visible, ...found];
    if (found.length > limit) break;
  }
  return direction === 'after'
    ? pageOf(found.slice(0, limit), { after: found.length > limit, before: after !== undefined })
    : pageOf(found.slice(-limit), { after: true, before: found.length > limit });
}

/** @param more the ends of the list that the page does not reach */
const pageOf = (
  data: readonly unknown[],
  more: { readonly after: boolean; readonly before: boolean },
): Page => ({
  data,
  list_metadata: {
    before: more.before ? idOf(data[0]) : null,
    after: more.after ? idOf(data.at(-1)) : null,
  },
});

const idOf = (object: unknown): string | null =>
  isObject(object) && typeof object.id === 'string' ? object.id : null;

/** WorkOS's order `normal` is `desc` with the two cursors swapped. */
const newestFirst = ({ after, before, ...query }: PageQuery): PageQuery => ({
  ...query,
  order: 'desc',
  after: before,
  before: after,
});
const swapped = ({ data, list_metadata: { after, before } }: Page): Page => ({
  data,
  list_metadata: { before: after, after: before },
});

export const isPage = (reply: unknown): reply is JsonObject & Page =>
  isObject(reply) && Array.isArray(reply.data) && isObject(reply.list_metadata);

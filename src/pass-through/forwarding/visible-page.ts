/** Pages of lists that are empty only at the end of the list. */
import { paginate } from '../../workos/paginate.ts';
import { idOf, newestFirst, swapped, type FilteredPage, type PageQuery } from './gather-page.ts';

export type ReadPage<T> = (query: PageQuery) => Promise<FilteredPage<T>>;

export interface VisiblePage<T> {
  readonly object: 'list';
  readonly data: T[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

export interface Passing {
  /** The place to start from, as the list that is read knows it. Default: the given cursor. */
  readonly from?: string | undefined;
  /** The size of the pages that are read after one without a visible object. Default: 100. */
  readonly further?: number;
  /** How many pages without a visible object are read. Default: 500. */
  readonly most?: number;
  /** @returns what to throw when there are more. Default: WorkOS's list does not end. */
  readonly tooMany?: () => Error;
}

/**
 * Reads pages until one has a visible object: iterators of SDKs end at an empty page, whatever its
 * cursor says. The cursors are visible objects.
 *
 * @throws UpstreamFailure `invalid-response` if the list does not end, and what `read` throws
 */
export async function visiblePage<T>(
  read: ReadPage<T>,
  asked: PageQuery,
  passing: Passing = {},
): Promise<VisiblePage<T>> {
  if (asked.order === 'normal')
    return swapped(await visiblePage(read, newestFirst(asked), passing));
  const { after, before, ...query } = asked;
  const direction = before === undefined ? 'after' : 'before';
  const { from = after ?? before, further = 100, most = Infinity, tooMany } = passing;
  const readAt = (cursor: string | undefined) =>
    read({ ...query, limit: cursor === from ? query.limit : further, [direction]: cursor });
  const nextOf = ({ full }: FilteredPage<T>) => full.list_metadata[direction];
  let pages = 0;
  for await (const page of paginate(readAt, nextOf, { from })) {
    if (page.visible.length > 0 || !nextOf(page)) return listed(page, query.limit, direction);
    pages += 1;
    if (pages === most && tooMany) throw tooMany();
  }
  throw new Error('A list has a first page.');
}

/** The page of the `limit` objects nearest to the cursor. */
function listed<T>(
  { visible, full }: FilteredPage<T>,
  limit: number,
  direction: 'after' | 'before',
): VisiblePage<T> {
  const data = direction === 'after' ? visible.slice(0, limit) : visible.slice(-limit);
  const isCut = data.length < visible.length;
  const { before, after } = full.list_metadata;
  const isMoreBefore = Boolean(before) || (isCut && direction === 'before');
  const isMoreAfter = Boolean(after) || (isCut && direction === 'after');
  return {
    object: 'list',
    data,
    list_metadata: {
      before: isMoreBefore ? idOf(data[0]) : null,
      after: isMoreAfter ? idOf(data.at(-1)) : null,
    },
  };
}

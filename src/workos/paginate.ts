import { UpstreamFailure } from './failure.ts';

/** 50,000 members, at 100 a page. */
const MAX_PAGES = 500;

export interface Paging {
  /** Cursor of the first page. Default: the start of the list. */
  readonly from?: string | undefined;
  /** Default: 500. */
  readonly maxPages?: number;
}

/**
 * Reads the pages of one of WorkOS's lists until it ends. Fails on a repeated cursor or too many
 * pages, because the list would never end.
 *
 * @param read reads the page at a cursor; undefined is the first page
 * @param nextOf the cursor of the page after this one; undefined, null or empty after the last
 * @throws UpstreamFailure `invalid-response`, and what `read` throws
 */
export async function* paginate<Page>(
  read: (cursor: string | undefined) => Promise<Page>,
  nextOf: (page: Page) => string | null | undefined,
  { from, maxPages = MAX_PAGES }: Paging = {},
): AsyncGenerator<Page, void, undefined> {
  const seen = new Set<string | undefined>([from]);
  for (let cursor = from; ;) {
    const page = await read(cursor);
    yield page;
    const next = nextOf(page);
    if (!next) return;
    if (seen.has(next) || seen.size >= maxPages)
      throw new UpstreamFailure('invalid-response', { reason: 'a list that does not end' });
    seen.add(next);
    cursor = next;
  }
}

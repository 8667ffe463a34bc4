import { UpstreamFailure } from './failure.ts';

/** Of 100 members each, if the pages are full. */
const MAX_PAGES = 500;

export interface Paging {
  /** Where to begin. Default: at the beginning. */
  readonly from?: string | undefined;
  /** How many pages there may be. */
  readonly maxPages?: number;
}

/**
 * Reads the pages of one of WorkOS's lists until it ends. A list that leads back to where it has
 * been, or has more pages than it may, is given up: it would be read for ever.
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
      throw new UpstreamFailure('invalid-response', { reason: 'a list without an end' });
    seen.add(next);
    cursor = next;
  }
}

import { isTooLarge, type UpstreamFeed } from './upstream-feed.ts';

/**
 * Finds, to the millisecond, where the feed can be read again after an event that is too large for
 * an answer. WorkOS does not reveal its id, so only its time leads past it.
 *
 * @param after WorkOS's time of the last event before it
 * @throws what reading throws; also if nothing up to now can be read
 */
export async function beyondTooLarge(
  feed: UpstreamFeed,
  after: Date,
  now: number,
): Promise<{ readonly range_start: string }> {
  let tooLarge = after.getTime();
  let readable = Math.min(tooLarge + 1, now);
  for (let step = 4; !(await canRead(feed, readable, readable < now)); step *= 4) {
    tooLarge = readable;
    readable = Math.min(readable + step, now);
  }
  while (readable - tooLarge > 1) {
    const middle = Math.floor((tooLarge + readable) / 2);
    if (await canRead(feed, middle, true)) readable = middle;
    else tooLarge = middle;
  }
  return { range_start: new Date(readable).toISOString() };
}

async function canRead(feed: UpstreamFeed, from: number, mayBeTooLarge: boolean): Promise<boolean> {
  try {
    await feed.page({ range_start: new Date(from).toISOString() }, 1);
    return true;
  } catch (error) {
    if (mayBeTooLarge && isTooLarge(error)) return false;
    throw error;
  }
}

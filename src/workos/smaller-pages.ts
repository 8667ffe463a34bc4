import { Problem } from '../core/problem.ts';
import { failureOf } from './failure.ts';

/** After this time no smaller page is requested: load balancers give up after a minute. */
const GIVE_UP_MS = 20_000;

/**
 * Requests a page of a list, and a tenth of its size whenever the reply is too large. The cursors of
 * a smaller page continue where it ends, so nothing is skipped.
 *
 * @throws UpstreamFailure `invalid-response` after 20 s
 */
export async function smallerWhileTooLarge<T>(
  limit: number,
  ask: (limit: number) => Promise<T>,
  giveUpAt = performance.now() + GIVE_UP_MS,
): Promise<T> {
  try {
    return await ask(limit);
  } catch (error) {
    if (!failureOf(error)?.isTooLarge) throw error;
    if (limit <= 1) throw oneIsTooLarge(error);
    if (performance.now() > giveUpAt) throw error;
    return smallerWhileTooLarge(Math.ceil(limit / 10), ask, giveUpAt);
  }
}

const oneIsTooLarge = (cause: unknown) =>
  new Problem(
    'upstream-invalid-response',
    'A single object of this list is larger than the 16 MB that Gatehouse reads.',
    { cause },
  );

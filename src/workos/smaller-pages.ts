import { Problem } from '../core/problem.ts';
import { failureOf } from './failure.ts';

/**
 * Asks for a page of a list, and for a tenth of it while WorkOS answers more than is read. A smaller
 * page is a good answer: its cursors lead on from where it ends.
 */
export async function smallerWhileTooLarge<T>(
  limit: number,
  ask: (limit: number) => Promise<T>,
): Promise<T> {
  try {
    return await ask(limit);
  } catch (error) {
    if (!failureOf(error)?.isTooLarge) throw error;
    if (limit <= 1) throw oneIsTooLarge(error);
    return smallerWhileTooLarge(Math.ceil(limit / 10), ask);
  }
}

const oneIsTooLarge = (cause: unknown) =>
  new Problem(
    'upstream-invalid-response',
    'A single object of this list is larger than the 16 MB that Gatehouse reads.',
    { cause },
  );

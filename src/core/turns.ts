import { onCancelled, shareOf, type Caller } from './caller.ts';
import { Cancelled } from './cancellation.ts';
import { replyTimeout } from './reply-timeout.ts';

/** More waiting calls of one client are refused at once. */
const MAX_WAITING = 1_000;

interface Waiting {
  readonly caller: Caller;
  readonly admit: () => void;
}

/** Callers that wait: one queue per client, and the clients in order of their turn. */
export type Turns = ReturnType<typeof createTurns>;

export function createTurns() {
  const queues = new Map<string | undefined, Waiting[]>();
  let size = 0;
  return {
    /** Returns false if too many calls of this client wait already. */
    add(entry: Waiting): boolean {
      const share = shareOf(entry.caller);
      const queue = queues.get(share) ?? [];
      if (queue.length >= MAX_WAITING) return false;
      queue.push(entry);
      queues.set(share, queue);
      size += 1;
      return true;
    },
    remove(entry: Waiting): void {
      const share = shareOf(entry.caller);
      const queue = queues.get(share) ?? [];
      const place = queue.indexOf(entry);
      if (place < 0) return;
      queue.splice(place, 1);
      size -= 1;
      if (queue.length === 0) queues.delete(share);
    },
    /** Admits the first caller that `fits`, and moves its client to the end. Returns false if nobody fits. */
    serve(fits: (caller: Caller) => boolean): boolean {
      for (const [share, queue] of queues) {
        const [first] = queue;
        if (!first || !fits(first.caller)) continue;
        queue.shift();
        size -= 1;
        queues.delete(share);
        if (queue.length > 0) queues.set(share, queue);
        first.admit();
        return true;
      }
      return false;
    },
    /** True if the first caller of some client `fits`. */
    hasOne: (fits: (caller: Caller) => boolean): boolean =>
      [...queues.values()].some(([first]) => first !== undefined && fits(first.caller)),
    size: (): number => size,
  };
}

interface WaitOptions<T> {
  readonly caller: Caller;
  readonly waitMs: number;
  /** Called at once when it is the caller's turn; the result is what it waited for. */
  readonly admit: () => T;
  readonly refusal: () => Error;
}

/** Waits for the caller's turn. @throws what `refusal` returns if it does not come in time @throws Cancelled */
export const waitForTurn = <T>(
  turns: Turns,
  { caller, waitMs, admit, refusal }: WaitOptions<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const stopWaiting = (): void => {
      stopListening();
      cancelTimeout();
    };
    const entry: Waiting = {
      caller,
      admit() {
        stopWaiting();
        resolve(admit());
      },
    };
    const giveUp = (error: Error): void => {
      stopWaiting();
      turns.remove(entry);
      reject(error);
    };
    const stopListening = onCancelled(() => {
      giveUp(new Cancelled('The caller left while it waited for its turn.'));
    });
    // A place may become free by a reply that has not been read yet.
    const cancelTimeout = replyTimeout(waitMs, () => {
      giveUp(refusal());
    });
    if (!turns.add(entry)) giveUp(refusal());
  });

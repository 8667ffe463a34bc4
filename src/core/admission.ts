import {
  checkCancelled,
  currentCaller,
  onCancelled,
  PRIORITIES,
  shareOf,
  type Caller,
} from './caller.ts';
import { Cancelled } from './cancellation.ts';
import { createPlaces, type Fullness } from './places.ts';

/** Gives back a place. Further calls have no effect. */
export type Leave = () => void;

export interface Admission {
  /** Waits for a place. @throws what `refuse` returns when none is free in time @throws Cancelled */
  enter(): Promise<Leave>;
  /** Returns why the current caller would have to wait, or undefined if there is a place. */
  fullness(): Fullness | undefined;
}

export interface AdmissionOptions {
  /** The number of places. */
  readonly capacity: number;
  /** How long a caller waits for a place. */
  readonly waitMs: number;
  /** Builds the error for a caller that got no place. */
  readonly refuse: (reason: Fullness) => Error;
  readonly watch?: AdmissionWatch | undefined;
}

/** How many places are taken. */
export interface Occupancy {
  readonly capacity: number;
  inUse(): number;
  waiting(): number;
}

/** For metrics. */
export interface AdmissionWatch {
  /** Called once. */
  onOpen(occupancy: Occupancy): void;
  onRefused(reason: Fullness): void;
}

/** More waiting calls of one client are refused at once. */
const MAX_WAITING = 1_000;

interface Waiting {
  readonly caller: Caller;
  readonly admit: () => void;
}

/**
 * Lends a limited number of places. No client and no low priority can take all of them, free places go
 * to the highest priority first, and within a priority clients take turns, however many calls each has.
 */
export function createAdmission({ capacity, waitMs, refuse, watch }: AdmissionOptions): Admission {
  const places = createPlaces(capacity);
  let waiting = 0;
  watch?.onOpen({ capacity, inUse: places.inUse, waiting: () => waiting });
  const refusal = (reason: Fullness): Error => {
    watch?.onRefused(reason);
    return refuse(reason);
  };
  const queues = {
    login: createTurns(),
    interactive: createTurns(),
    ordinary: createTurns(),
    batch: createTurns(),
  };
  const fits = (caller: Caller): boolean => places.lacks(caller) === undefined;
  const serveWaiting = (): void => {
    for (const priority of PRIORITIES) while (queues[priority].serve(fits));
  };

  const take = (caller: Caller): Leave => {
    const holder = asNow(caller);
    places.take(holder);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      places.free(holder);
      serveWaiting();
    };
  };

  const wait = (caller: Caller, lack: Fullness): Promise<Leave> =>
    new Promise((resolve, reject) => {
      const queue = queues[caller.priority];
      const entry: Waiting = {
        caller,
        admit() {
          stopWaiting();
          resolve(take(caller));
        },
      };
      const giveUp = (error: Error): void => {
        stopWaiting();
        queue.remove(entry);
        reject(error);
      };
      const stay = onCancelled(() => {
        giveUp(new Cancelled('The caller left while it waited for a place.'));
      });
      const timer = setTimeout(() => {
        giveUp(refusal(places.lacks(caller) ?? lack));
      }, waitMs);
      waiting += 1;
      const stopWaiting = (): void => {
        waiting -= 1;
        stay();
        clearTimeout(timer);
      };
      if (!queue.add(entry)) giveUp(refusal(lack));
    });

  return {
    async enter() {
      checkCancelled();
      const caller = currentCaller();
      const lack = places.lacks(caller);
      return lack === undefined ? take(caller) : wait(asNow(caller), lack);
    },
    fullness: () => places.lacks(currentCaller()),
  };
}

/** A caller's client may become known later; a place is given back under the name it was taken. */
const asNow = ({ clientId, isRequest, priority }: Caller): Caller => ({
  clientId,
  isRequest,
  priority,
});

/** Callers waiting with one priority: one queue per client, and the clients in order of their turn. */
function createTurns() {
  const queues = new Map<string | undefined, Waiting[]>();
  return {
    /** Returns false if too many calls of this client wait already. */
    add(entry: Waiting): boolean {
      const share = shareOf(entry.caller);
      const queue = queues.get(share) ?? [];
      if (queue.length >= MAX_WAITING) return false;
      queue.push(entry);
      queues.set(share, queue);
      return true;
    },
    remove(entry: Waiting): void {
      const share = shareOf(entry.caller);
      const rest = (queues.get(share) ?? []).filter((other) => other !== entry);
      if (rest.length > 0) queues.set(share, rest);
      else queues.delete(share);
    },
    /** Admits the first caller that `fits`, and moves its client to the end. Returns false if nobody fits. */
    serve(fits: (caller: Caller) => boolean): boolean {
      for (const [share, queue] of queues) {
        const [first] = queue;
        if (!first || !fits(first.caller)) continue;
        queue.shift();
        queues.delete(share);
        if (queue.length > 0) queues.set(share, queue);
        first.admit();
        return true;
      }
      return false;
    },
  };
}

import { checkCancelled, currentCaller, PRIORITIES, type Caller } from './caller.ts';
import { createPlaces, type Fullness } from './places.ts';
import { createTurns, waitForTurn } from './turns.ts';

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

/**
 * Lends a limited number of places. No client and no low priority can take all of them, free places go
 * to the highest priority first, and within a priority clients take turns, however many calls each has.
 */
export function createAdmission({ capacity, waitMs, refuse, watch }: AdmissionOptions): Admission {
  const places = createPlaces(capacity);
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
  const waiting = () => PRIORITIES.reduce((sum, one) => sum + queues[one].size(), 0);
  watch?.onOpen({ capacity, inUse: places.inUse, waiting });
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
    waitForTurn(queues[caller.priority], {
      caller,
      waitMs,
      admit: () => take(caller),
      refusal: () => refusal(places.lacks(caller) ?? lack),
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

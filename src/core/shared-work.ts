import { onCancelled, runAs, type Caller } from './caller.ts';
import { Cancellation } from './cancellation.ts';

/** Work that several callers wait for. */
export interface SharedWork<T> {
  /** Waits for the result on behalf of the current caller. */
  join(): Promise<T>;
}

/** A `Map`, or an `LRUCache` that also limits how long a kept result is shared. */
interface WorkByKey<T> {
  get(key: string): SharedWork<T> | undefined;
  set(key: string, work: SharedWork<T>): unknown;
  delete(key: string): unknown;
}

export interface SharedWorkOptions<T> {
  /** The caller whose shares the work uses, also when others join it. */
  readonly caller: Caller;
  readonly work: () => Promise<T>;
  /** Decides whether a result is shared after the work has ended. Default: never. Failures never are. */
  readonly keep?: (result: T) => boolean;
}

/**
 * Joins the work of this key, or starts it. It goes on while any of its callers waits, and is cancelled
 * when the last of them has left.
 */
export function joinOrStart<T>(
  shared: WorkByKey<T>,
  key: string,
  { caller, work, keep = () => false }: SharedWorkOptions<T>,
): Promise<T> {
  const present = shared.get(key);
  if (present) return present.join();
  const forget = (): void => {
    if (shared.get(key) === started) shared.delete(key);
  };
  const started = start(caller, work, forget);
  shared.set(key, started);
  const result = started.join();
  result.then((value) => {
    if (!keep(value)) forget();
  }, forget);
  return result;
}

/** @param onAbandoned called when the last caller has left; nobody may join from then on */
function start<T>(
  { clientId, priority, span }: Caller,
  work: () => Promise<T>,
  onAbandoned: () => void,
): SharedWork<T> {
  const cancellation = new Cancellation();
  const result = runAs({ clientId, priority, cancellation, span }, work);
  let waiting = 0;
  const leave = (): void => {
    waiting -= 1;
    if (waiting > 0) return;
    onAbandoned();
    cancellation.cancel();
  };
  return {
    join() {
      waiting += 1;
      const stopListening = onCancelled(leave);
      result.then(stopListening, stopListening);
      return result;
    },
  };
}

/** Keeps the deliveries to one endpoint in order, except those meant to be overtaken. */
import { setTimeout as pause } from 'node:timers/promises';

type Deliver = () => Promise<void>;

export interface DeliveryQueue {
  /** Runs after everything enqueued before. */
  enqueue(deliver: Deliver): Promise<void>;
  /** Runs right after the next delivery that is enqueued, or after one second if there is none. */
  enqueueAfterNext(deliver: Deliver): Promise<void>;
}

interface Overtaken {
  readonly deliver: Deliver;
  readonly done: PromiseWithResolvers<void>;
}

const MAX_WAIT_MS = 1_000;

export function createDeliveryQueue(stopping: AbortSignal): DeliveryQueue {
  let last = Promise.resolve();
  let waiting: readonly Overtaken[] = [];
  return {
    enqueue(deliver) {
      const overtaken = waiting;
      waiting = [];
      last = last.then(deliver).then(async () => {
        for (const late of overtaken) {
          await late.deliver();
          late.done.resolve();
        }
      });
      return last;
    },
    async enqueueAfterNext(deliver) {
      const late: Overtaken = { deliver, done: Promise.withResolvers() };
      waiting = [...waiting, late];
      await Promise.race([late.done.promise, pause(MAX_WAIT_MS, undefined, { signal: stopping })]);
      if (!waiting.includes(late)) return late.done.promise;
      waiting = waiting.filter((other) => other !== late);
      return deliver();
    },
  };
}

/** The order in which one endpoint's deliveries are made, where nothing disturbs it. */
import { setTimeout as pause } from 'node:timers/promises';

type Act = () => Promise<void>;

export interface Lane {
  /** Does this after what was given before. */
  inTurn(act: Act): Promise<void>;
  /** Does this right after what is given next, or after a second if nothing is. */
  overtaken(act: Act): Promise<void>;
}

interface Late {
  readonly act: Act;
  readonly done: PromiseWithResolvers<void>;
}

const ALONE_MS = 1_000;

export function createLane(stopping: AbortSignal): Lane {
  let last = Promise.resolve();
  let waiting: readonly Late[] = [];
  return {
    inTurn(act) {
      const overtaken = waiting;
      waiting = [];
      last = last.then(act).then(async () => {
        for (const late of overtaken) {
          await late.act();
          late.done.resolve();
        }
      });
      return last;
    },
    async overtaken(act) {
      const late: Late = { act, done: Promise.withResolvers() };
      waiting = [...waiting, late];
      await Promise.race([late.done.promise, pause(ALONE_MS, undefined, { signal: stopping })]);
      if (!waiting.includes(late)) return late.done.promise;
      waiting = waiting.filter((other) => other !== late);
      return act();
    },
  };
}

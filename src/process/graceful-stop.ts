import { setTimeout as sleep } from 'node:timers/promises';

/** How long open connections get to receive their last answer, which tells them to close. */
const LAST_ANSWERS_MS = 1_000;

export interface StopSteps {
  /** Makes `/readyz` fail, so that no new requests are routed here. */
  readonly failReadiness: () => void;
  /** From now on answers carry `Connection: close`. */
  readonly beginClosing: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Stops a server without losing requests.
 *
 * @returns stops once, however often it is called. `delayMs`: how long readiness fails first; 0 ends
 * the delay of an earlier call
 */
export function createGracefulStop({ failReadiness, beginClosing, close }: StopSteps) {
  const noDelay = new AbortController();
  const pause = (ms: number) =>
    // An aborted pause rejects, which is not an error here.
    sleep(ms, undefined, { signal: noDelay.signal }).catch(() => undefined);
  const stop = async (delayMs: number): Promise<void> => {
    failReadiness();
    await pause(delayMs);
    beginClosing();
    // The next answer on a busy connection carries `Connection: close`; closing it now would lose a request.
    await pause(Math.min(delayMs, LAST_ANSWERS_MS));
    await close();
  };
  let stopped: Promise<void> | undefined;
  return (delayMs = 0): Promise<void> => {
    if (delayMs === 0) noDelay.abort();
    return (stopped ??= stop(delayMs));
  };
}

import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  handleWhen,
  SamplingBreaker,
} from 'cockatiel';
import { failureOf } from './failure.ts';

/** How long an open breaker refuses calls before it lets a trial call pass. */
export const PAUSE_MS = 5_000;
/** How long a client's calls pass after one that WorkOS answered, although another client's breaker is open. */
const TRUSTED_MS = 60_000;

export type ClientBreaker = ReturnType<typeof createClientBreaker>;

/** Opens when WorkOS was unavailable for half of at least 20 calls of a client within 10 s; half-opens after 5 s. */
export function createClientBreaker(now = () => performance.now()) {
  const breaker = circuitBreaker(
    handleWhen((error) => failureOf(error)?.isOutage ?? false),
    {
      // The library measures its pause by a clock that may be set back, so `execute` has its own.
      halfOpenAfter: -Infinity,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 2 }),
    },
  );
  let openedAt = -Infinity;
  let answeredAt = -Infinity;
  let triedAt = -Infinity;
  let trial: Promise<void> | undefined;
  breaker.onBreak(() => (openedAt = now()));
  breaker.onSuccess(() => (answeredAt = now()));
  breaker.onFailure(({ handled, reason }) => {
    if (handled) answeredAt = -Infinity;
    else if ('error' in reason && failureOf(reason.error)?.kind === 'status') answeredAt = now();
  });
  const isClosed = (): boolean => breaker.state === CircuitState.Closed;
  const refuses = (): boolean => breaker.state === CircuitState.Open && now() < openedAt + PAUSE_MS;

  return {
    onBreak: breaker.onBreak,
    onReset: breaker.onReset,
    isClosed,
    /** True while all calls are refused. */
    refuses,
    /** @throws BrokenCircuitError while all calls are refused */
    execute: <T>(call: () => Promise<T>): Promise<T> =>
      refuses() ? Promise.reject(new BrokenCircuitError()) : breaker.execute(call),
    /** True if it is closed, or due for a trial call. While a trial call is under way, others wait for it. */
    admits: (): boolean => isClosed() || (breaker.state === CircuitState.Open && !refuses()),
    /** True if it opened within the last minute and no call has closed it since. */
    isOpen: (): boolean => !isClosed() && now() < openedAt + TRUSTED_MS,
    isTrusted: (): boolean => now() < answeredAt + TRUSTED_MS,
    isTrialDue: (): boolean => now() >= triedAt + PAUSE_MS,
    /** Makes a call that decides whether WorkOS answers this client. */
    tryOut<T>(call: () => Promise<T>): Promise<T> {
      triedAt = now();
      const result = call();
      const end = (): void => void (trial = undefined);
      trial = result.then(end, end);
      return result;
    },
    /** Resolves when the trial call that is under way has ended. Undefined if there is none. */
    trial: () => trial,
  };
}

/** One request of a call to WorkOS: the circuit breaker, the trace, and what is learned from a failure. */
import type { WorkOS } from '@workos-inc/node';
import { BrokenCircuitError } from 'cockatiel';
import { checkCancelled, isCancelled } from '../core/caller.ts';
import { Cancelled } from '../core/cancellation.ts';
import { Problem } from '../core/problem.ts';
import type { SpanStart } from '../core/span.ts';
import { inSpan } from '../core/tracing.ts';
import type { CallOptions, UpstreamClass } from './call-options.ts';
import { failureOf, UpstreamFailure } from './failure.ts';
import { PAUSE_MS } from './client-breaker.ts';
import type { GateOf } from './gate.ts';
import type { Holds } from './hold.ts';

/** @param failure undefined if the call succeeded */
export type OnAttempt = (
  group: UpstreamClass,
  failure: UpstreamFailure | Cancelled | undefined,
  seconds: number,
) => void;

export interface AttemptDeps {
  readonly workos: WorkOS;
  readonly gateOf: GateOf;
  readonly holds: Holds;
  readonly onAttempt?: OnAttempt | undefined;
}

type Use<T> = (workos: WorkOS) => Promise<T>;

export function createAttempts({ workos, gateOf, holds, onAttempt }: AttemptDeps) {
  const send = async <T>(options: CallOptions, use: Use<T>): Promise<T> => {
    const began = performance.now();
    const report = (failure?: UpstreamFailure | Cancelled): void =>
      onAttempt?.(options.class, failure, (performance.now() - began) / 1_000);
    try {
      const result = await gateOf(options.class).execute(() => use(workos));
      report();
      return result;
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw pausedCalls();
      const failure = cancelledOr(failureOf(error) ?? unreadable(error));
      report(failure);
      if (failure instanceof UpstreamFailure) holds.learn(options, failure);
      throw failure;
    }
  };

  /** @throws UpstreamFailure @throws Cancelled @throws Problem `upstream-rate-limited`, `upstream-unavailable` */
  return async <T>(options: CallOptions, use: Use<T>, retry: number): Promise<T> => {
    holds.check(options);
    checkCancelled();
    return inSpan(
      () => spanOf(options, retry),
      () => send(options, use),
    );
  };
}

const spanOf = ({ class: group, operation }: CallOptions, retry: number): SpanStart => ({
  name: `WorkOS ${operation ?? group}`,
  kind: 'client',
  facts: {
    workosClass: group,
    workosOperation: operation,
    ...(retry > 0 && { retry }),
  },
});

/** The SDK throws on replies that lack an expected field. Only the error's name is kept: its message may quote the reply. */
const unreadable = (error: unknown) =>
  new UpstreamFailure('invalid-response', {
    reason: error instanceof Error ? error.name : 'unknown',
  });

/** A failed call whose caller has left was probably stopped by us, which says nothing about WorkOS. */
const cancelledOr = (failure: UpstreamFailure): UpstreamFailure | Cancelled =>
  isCancelled() ? new Cancelled('The caller left while WorkOS was asked.') : failure;

/** Refuses a call while the circuit breaker is open. */
export const pausedCalls = () =>
  new Problem(
    'upstream-unavailable',
    'WorkOS is failing, so Gatehouse has paused its calls for a few seconds.',
    {
      retryAfter: PAUSE_MS / 1_000,
    },
  );

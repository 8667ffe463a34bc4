import { circuitBreaker, CircuitState, handleWhen, SamplingBreaker } from 'cockatiel';
import type { UpstreamClass } from './call-options.ts';
import { failureOf } from './failure.ts';

/** Returns the gate of a class, which is opened when the class is first used. */
export type GateOf = (group: UpstreamClass) => Gate;

/** Called once for each class that is used. @param refuses true while its calls are refused */
export type OnBreaker = (group: UpstreamClass, refuses: () => boolean) => void;

export function createGates(onBreaker?: OnBreaker): GateOf {
  const gates = new Map<UpstreamClass, Gate>();
  return (group) => {
    const known = gates.get(group);
    if (known) return known;
    const gate = openGate();
    gates.set(group, gate);
    onBreaker?.(group, () => !gate.admits());
    return gate;
  };
}

type Gate = ReturnType<typeof openGate>;

/** How long an open breaker refuses calls before it lets a trial call pass. */
export const REST_MS = 5_000;

/** Opens when WorkOS was unavailable for half of at least 20 calls within 10 s; half-opens after 5 s. */
function openGate() {
  const breaker = circuitBreaker(
    handleWhen((error) => failureOf(error)?.isOutage ?? false),
    {
      halfOpenAfter: REST_MS,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 2 }),
    },
  );
  let restedAt = 0;
  breaker.onBreak(() => (restedAt = Date.now() + REST_MS));
  return {
    breaker,
    /** True if a call would be refused. */
    rests: () => breaker.state === CircuitState.Open && Date.now() < restedAt,
    /** True if a call would be made: the breaker is closed, or due for a trial call. */
    admits: () =>
      breaker.state === CircuitState.Closed ||
      (breaker.state === CircuitState.Open && Date.now() >= restedAt),
  };
}

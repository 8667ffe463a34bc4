import { currentCaller, shareOf } from '../core/caller.ts';
import type { UpstreamClass } from './call-options.ts';
import { createClassGates, type Gate } from './class-gates.ts';

/** Returns the current caller's gate to a class. */
export type GateOf = (group: UpstreamClass) => Gate;

/** Called once for each class that is used. @param refuses true while calls of some client are refused */
export type OnBreaker = (group: UpstreamClass, refuses: () => boolean) => void;

export function createGates(onBreaker?: OnBreaker): GateOf {
  const classes = new Map<UpstreamClass, ReturnType<typeof createClassGates>>();
  const gatesOf = (group: UpstreamClass) => {
    const known = classes.get(group);
    if (known) return known;
    const gates = createClassGates();
    classes.set(group, gates);
    onBreaker?.(group, gates.isRefusing);
    return gates;
  };
  return (group) => gatesOf(group).of(shareOf(currentCaller()));
}

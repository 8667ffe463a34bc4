import { BrokenCircuitError } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { runToTheEnd } from '../core/caller.ts';
import { lruBound } from '../core/lru-bound.ts';
import { createClientBreaker, type ClientBreaker } from './client-breaker.ts';

/** A client's gate to a class of calls. A call is made, is refused, or waits for the trial call that is under way. */
export interface Gate {
  /** True if a call would be refused. */
  refuses(): boolean;
  /** True if a call would be made at once, perhaps as a trial. */
  admits(): boolean;
  /** @throws BrokenCircuitError if the call is refused */
  execute<T>(call: () => Promise<T>): Promise<T>;
}

/** Clients whose breakers are remembered. */
const MOST = 1_000;

/**
 * The circuit breakers of a class of calls, one for each client: if WorkOS fails only for objects of one
 * client, the calls of the others go on. While one is open, WorkOS may be failing for all: a client that
 * had no success in the last minute may then make one call every 5 s, until one succeeds. Its other
 * calls wait for that one.
 */
export function createClassGates() {
  const open = new Set<ClientBreaker>();
  const breakers = new LRUCache<string, ClientBreaker>({
    ...lruBound(MOST),
    dispose: (breaker) => open.delete(breaker),
  });
  const breakerOf = (share = ''): ClientBreaker => {
    const known = breakers.get(share);
    if (known) return known;
    const created = createClientBreaker();
    created.onBreak(() => open.add(created));
    created.onReset(() => open.delete(created));
    breakers.set(share, created);
    return created;
  };
  const isDoubtful = (own: ClientBreaker): boolean =>
    open.size > 0 && !own.isTrusted() && [...open].some((one) => one !== own && one.isOpen());

  /** True if calls of a client whose own breaker is closed must first be tried out. */
  const isDoubted = (own: ClientBreaker): boolean => own.isClosed() && isDoubtful(own);
  const mayTry = (own: ClientBreaker): boolean => own.isTrialDue() || own.trial() !== undefined;

  const execute = async <T>(own: ClientBreaker, call: () => Promise<T>): Promise<T> => {
    // A trial call decides about the calls that come after it, so it is finished.
    const tryCall = () => own.execute(() => runToTheEnd(call));
    if (!isDoubted(own)) return own.isClosed() ? own.execute(call) : tryCall();
    if (own.isTrialDue()) return own.tryOut(tryCall);
    if (!own.trial()) throw new BrokenCircuitError();
    await own.trial();
    return execute(own, call);
  };

  const gateOf = (own: ClientBreaker): Gate => ({
    refuses: () => own.refuses() || (isDoubted(own) && !mayTry(own)),
    admits: () => own.admits() && (!isDoubted(own) || mayTry(own)),
    execute: (call) => execute(own, call),
  });

  return {
    /** @param share undefined for background tasks */
    of: (share: string | undefined): Gate => gateOf(breakerOf(share)),
    /** True while calls of some client are refused. */
    isRefusing: (): boolean => [...open].some((one) => !one.admits()),
  };
}

import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { lruBound } from '../core/lru-bound.ts';
import { Problem } from '../core/problem.ts';
import type { Refusals, RefusedThing } from '../http/rate-limits.ts';

/**
 * Refusals per minute, address and process. A code that WorkOS refuses costs a call to WorkOS. The others
 * cost little, cannot be guessed, and a misconfigured service may have many; a company behind one address
 * may click dead links as one crowd.
 */
const MOST: Readonly<Record<RefusedThing, number>> = {
  code: 10,
  ticket: 5_000,
  credential: 30_000,
};

const WINDOW_MS = 60_000;
/** Addresses that are remembered. */
const MAX_ADDRESSES = 50_000;

export interface RefusalsDeps {
  readonly onRefused?: (thing: RefusedThing) => void;
}

/**
 * Counts by address what strangers had refused. Nothing else is counted by address: a whole company may
 * come from one.
 */
export function createRefusals({ onRefused = () => undefined }: RefusalsDeps = {}): Refusals {
  const counts = new LRUCache<string, { count: number; readonly until: number }>({
    ...lruBound(MAX_ADDRESSES),
    ttl: WINDOW_MS,
  });
  const countOf = (key: string) => {
    const known = counts.get(key);
    if (known && performance.now() < known.until) return known;
    const begun = { count: 0, until: performance.now() + WINDOW_MS };
    counts.set(key, begun);
    return begun;
  };
  const tooMany = (thing: RefusedThing, until: number): Problem => {
    onRefused(thing);
    const retryAfter = Math.max(1, Math.ceil((until - performance.now()) / 1_000));
    return new Problem('too-many-requests', `Too many refused ${thing}s from this address.`, {
      retryAfter,
    });
  };

  return {
    check(thing, address) {
      const known = counts.get(`${thing} ${networkOf(address)}`);
      if (known && known.count >= MOST[thing] && performance.now() < known.until)
        throw tooMany(thing, known.until);
    },
    count(thing, address) {
      const known = countOf(`${thing} ${networkOf(address)}`);
      known.count += 1;
      return known.count > MOST[thing] ? tooMany(thing, known.until) : undefined;
    },
  };
}

/** Bits of an IPv6 address that its provider assigns; a customer chooses the others. */
const IPV6_NETWORK = 64;

/** Returns an IPv4 address, or the /64 network of an IPv6 address. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return parsed.parts.slice(0, IPV6_NETWORK / 16).join(':');
}

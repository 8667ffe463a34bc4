import type { Problem } from '../core/problem.ts';
import type { Priority } from '../core/caller.ts';
import type { Endpoint } from './endpoint.ts';

/** How much a request counts against the limits. */
export interface RequestWeight {
  readonly priority: Priority;
  /** Points that it takes of a limit; an ordinary request takes one. */
  readonly cost: number;
}

/**
 * Limits how much a client, or a tenant, may ask for in a minute. Undefined if there is nothing to
 * wait for, which is usual.
 */
export interface RateLimits {
  /** @throws Problem `too-many-requests` */
  ofClient(clientId: string, request: RequestWeight): Promise<void> | undefined;
  /** @throws Problem `too-many-requests` */
  ofTenant(tenantId: string, request: RequestWeight): Promise<void> | undefined;
}

/** The kinds of things that a stranger presents and that are refused. */
export type RefusedThing = 'credential' | 'ticket' | 'code';

/** Counts refusals by the address of the caller. */
export interface Refusals {
  /** Call before something that costs a lot. @throws Problem `too-many-requests` */
  check(thing: RefusedThing, address: string): void;
  /** Returns the problem to answer instead, if there were too many. */
  count(thing: RefusedThing, address: string): Problem | undefined;
}

/** Objects of a list that cost one point: the size of a page without `limit`. */
const PER_POINT = 10;

/** Returns the points of a request: those of the operation, for each page of ten that it may return. */
export function costOf({ cost = 1 }: Endpoint, query: unknown): number {
  const { limit } = (query ?? {}) as { limit?: unknown };
  return typeof limit === 'number' ? cost * Math.ceil(limit / PER_POINT) : cost;
}

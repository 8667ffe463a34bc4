import type { RequestHandler } from 'express';
import { Problem } from '../core/problem.ts';

export interface GateState {
  readonly isReady: () => boolean;
  readonly isClosing: () => boolean;
}

/** Lets nothing in before the process is ready, and lets connections go once it is about to end. */
export const gate =
  ({ isReady, isClosing }: GateState): RequestHandler =>
  (_req, res, next) => {
    if (isClosing()) res.shouldKeepAlive = false;
    if (!isReady())
      throw new Problem('dependency-unavailable', 'Gatehouse is waiting for its database.');
    next();
  };

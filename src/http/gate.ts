import type { RequestHandler } from 'express';
import { Problem } from '../core/problem.ts';

export interface GateState {
  readonly isReady: () => boolean;
  readonly isClosing: () => boolean;
}

/** Answers 503 until the process is ready, and closes kept-alive connections once it is shutting down. */
export const gate =
  ({ isReady, isClosing }: GateState): RequestHandler =>
  (_req, res, next) => {
    if (isClosing()) res.shouldKeepAlive = false;
    if (!isReady())
      throw new Problem('dependency-unavailable', 'Gatehouse is waiting for its database.');
    next();
  };

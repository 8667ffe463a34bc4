import type { RequestHandler } from 'express';
import { Problem } from '../core/problem.ts';

export interface GateState {
  readonly isReady: () => boolean;
  readonly isClosing: () => boolean;
}

/** Closes kept-alive connections once the process is shutting down. */
export const closeWhenStopping =
  ({ isClosing }: Pick<GateState, 'isClosing'>): RequestHandler =>
  (_req, res, next) => {
    if (isClosing()) res.shouldKeepAlive = false;
    next();
  };

/** Refuses operations until the process is ready. @throws Problem `dependency-unavailable` */
export function requireReady({ isReady }: Pick<GateState, 'isReady'>): void {
  if (!isReady())
    throw new Problem('dependency-unavailable', 'Gatehouse is waiting for its database.');
}

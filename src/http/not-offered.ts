import type { RequestHandler } from 'express';
import { Problem } from '../problem.ts';

/** What WorkOS has and the gateway has not: nobody is to look for a mistake of his own. */
export const notImplemented = (): Problem =>
  new Problem(
    'not-implemented',
    'Gatehouse does not offer this operation of WorkOS; GET /openapi.json lists what it does.',
  );

/** Such an operation at a path that has others. */
export const notOffered: RequestHandler = () => {
  throw notImplemented();
};

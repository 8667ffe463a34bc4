import type { RequestHandler } from 'express';
import { Problem } from '../core/problem.ts';

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

/** Parts of WorkOS's API of which we offer nothing. */
const WHOLE =
  /^\/(api_keys|authkit|authorization|client|connect|data-integrations|feature-flags|fga|magic_auth|mfa|pipes|radar|vault|widgets|x)(\/[^/]+)*$/;
/** And of those that we offer some of, the rest. A path that WorkOS has not either is not found. */
const REST =
  /^\/(sso\/jwks|organizations\/[^/]+|user_management\/users\/[^/]+|user_management\/(?!users\b)[^/]+)(\/[^/]+)+$|^\/user_management\/(?!users$)[^/]+$/;

export const isOfWorkos = (path: string): boolean => WHOLE.test(path) || REST.test(path);

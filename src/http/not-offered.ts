import type { RequestHandler } from 'express';
import { Problem } from '../core/problem.ts';
import { UNOFFERED_PATHS } from './unoffered-paths.ts';

export const notImplemented = (): Problem =>
  new Problem(
    'not-implemented',
    'Gatehouse does not offer this WorkOS operation; GET /openapi.json lists those it offers.',
  );

/** Answers 501 to a method that WorkOS has at a path of which Gatehouse offers other methods. */
export const notOffered: RequestHandler = () => {
  throw notImplemented();
};

/** Paths that WorkOS's SDKs call and its OpenAPI specification lacks. */
const UNSPECIFIED_PATHS = [
  '/authorization/{}/**',
  '/fga/**',
  '/magic_auth/**',
  '/mfa/**',
  '/oauth2/**',
  '/organizations/{}/{}/**',
  '/pipes/**',
  '/sdk/**',
  '/user_management/{}/**',
  '/x/**',
];

/** `{}` matches one segment of a path, a final `**` any number of them. */
const patternOf = (path: string): string =>
  path.replaceAll(/\{\}/g, '[^/]+').replace(/\/\*\*$/, '(?:/[^/]+)*');

const UNOFFERED = new RegExp(
  `^(?:${[...UNOFFERED_PATHS, ...UNSPECIFIED_PATHS].map(patternOf).join('|')})/?$`,
  'i',
);

/**
 * An external id with a slash that is not percent-encoded, as older SDKs write it. WorkOS answers 404, which
 * a caller takes as "there is no such user".
 */
export const hasSlashInExternalId = (path: string): boolean =>
  /^\/(?:organizations|user_management\/users)\/external_id\/[^/]*\/./i.test(path);

/** True if WorkOS has this path and Gatehouse does not. Only asked about paths without a route. */
export const isUnofferedPath = (path: string): boolean =>
  UNOFFERED.test(path) && !hasSlashInExternalId(path);

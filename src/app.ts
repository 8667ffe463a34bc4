import express, { type Express, type RequestHandler } from 'express';
import { userByToken } from './auth/acting-user.ts';
import { createGuard } from './auth/guard.ts';
import { createAuthenticator } from './auth/passport.ts';
import type { Config } from './config/config.ts';
import { accessLog, createRequestLog } from './http/access-log.ts';
import { describeCause } from './core/describe-cause.ts';
import { refuseDuplicateHeaders } from './http/duplicate-headers.ts';
import { noticeForwardedHeaders } from './http/forwarded-headers.ts';
import { closeWhenStopping } from './http/gate.ts';
import { errorHandler, unknownPath } from './http/errors.ts';
import { homePage } from './http/home.ts';
import { createNestedRunner } from './http/nested-operation.ts';
import { createRequestSpans } from './http/request-span.ts';
import { serve } from './http/router.ts';
import { createIdempotentReplay } from './idempotency/replay.ts';
import { createIdempotencyStore } from './idempotency/store.ts';
import { createItAdminStore } from './it-admins/store.ts';
import { openApiDocument } from './openapi/document.ts';
import { docsRoutes } from './openapi/routes.ts';
import { OPERATIONS, operationRoutes } from './openapi/operations.ts';
import { createPages } from './pages/pages.ts';
import { assetRoutes } from './pages/routes.ts';
import type { AppDeps, Shared } from './wiring/app-deps.ts';
import { createSlices, requiresAuthorizedParty, ERROR_TRANSLATORS } from './wiring/slices.ts';

/**
 * The map of the gateway: who calls, and the middleware in the order in which a request passes it.
 * `wiring/slices.ts` has the slices. Starts nothing and reads no environment.
 */
export function createApp(deps: AppDeps): Express {
  const shared = createShared(deps);
  const { pages, guard } = shared;
  const replay = createIdempotentReplay(createIdempotencyStore(deps.db), (request_id, error) => {
    deps.logger.warn({ request_id, cause: describeCause(error) }, UNSTORED);
  });
  const recordEnd = createRequestLog(deps.logger, deps.observe);
  // A tool of /mcp runs an operation within its own request.
  const run = createNestedRunner({
    guard,
    replay,
    limits: deps.limits,
    translators: ERROR_TRANSLATORS,
    recordEnd,
  });
  const mcp = { run, publicUrl: deps.config.publicUrl };
  const routes = [
    ...operationRoutes({ ...createSlices(deps, shared), mcp }),
    ...docsRoutes(() => openApiDocument(OPERATIONS), pages.icon.path),
    ...assetRoutes(pages),
  ];
  const spans = createRequestSpans(deps.tracer);

  const app = expressApp(deps);
  app.use(accessLog(recordEnd, spans));
  app.use(closeWhenStopping(deps));
  app.use(serve(routes, { ...deps, guard, replay, spans }));
  app.use(refuseDuplicates);
  app.use(homePage(pages));
  app.use(unknownPath(routes));
  app.use(errorHandler(ERROR_TRANSLATORS, pages, routes, deps.refusals, deps.config.publicUrl));
  return app;
}

/** The router refuses them for operations; this is for all other addresses. */
const refuseDuplicates: RequestHandler = (req, _res, next) => {
  refuseDuplicateHeaders(req);
  next();
};

const UNSTORED =
  'the answer of a request with an Idempotency-Key could not be stored; a repetition of a PUT is carried out again, and of a POST refused';

function createShared({ config, db, credentials, clients, tenants, ...deps }: AppDeps): Shared {
  const registry = createItAdminStore(db);
  const authenticator = createAuthenticator({
    clientByKey: credentials.byKey,
    clientByToken: credentials.byToken,
    userByToken: userByToken(deps.verifyUserToken, config.userTokenClaims),
  });
  const guard = createGuard({
    authenticator,
    findClient: clients.byId,
    findTenant: deps.tenantCache.find,
    findCurrentTenant: tenants.mappingOf,
    registry,
    itAdminRoles: config.itAdminRoles,
    requireAuthorizedParty: requiresAuthorizedParty(config),
  });
  const pages = createPages({ brand: config.brand, portalOrigins: portalOrigins(config) });
  return { registry, pages, authenticator, guard };
}

function expressApp({ config: { trustProxy }, onForwarded }: AppDeps): Express {
  const app = express().disable('x-powered-by').disable('etag').set('query parser', false);
  app.set('trust proxy', trustProxy.length > 0 ? trustProxy : false);
  if (trustProxy.length === 0) app.use(noticeForwardedHeaders(onForwarded));
  return app;
}

/** Returns the origins that the confirm page's form may lead to, for its CSP. */
const portalOrigins = ({ workos: { portalLinkHosts }, development }: Config): string[] =>
  portalLinkHosts.flatMap((host) => [
    `https://${host}`,
    ...(development ? [`http://${host}`] : []),
  ]);

import { Router, type Request, type RequestHandler } from 'express';
import { Problem } from '../core/problem.ts';
import { refuseDuplicateHeaders } from './duplicate-headers.ts';
import { isOfWorkos, type Endpoint, type Route } from './endpoint.ts';
import type { BodyRoom } from './body-room.ts';
import { requireReady } from './gate.ts';
import { reportIgnored } from './ignored-fields.ts';
import { languageOf } from './language.ts';
import { notOffered } from './not-offered.ts';
import { readInput } from './read-input.ts';
import { contextOf } from './request-context.ts';
import { reply } from './reply.ts';
import {
  beginOperation,
  NO_BROWSER,
  runOperation,
  type Asked,
  type OperationDeps,
} from './run-operation.ts';

export interface RouterDeps extends OperationDeps {
  readonly bodies: BodyRoom;
  /** False until the database may be used; operations are refused. */
  readonly isReady: () => boolean;
}

/** Serves operations: identify, read, parse, authorize, handle, reply. */
export function serve(routes: readonly Route[], deps: RouterDeps): RequestHandler {
  const workos = mount(routes.filter(isWorkosRoute), deps, { anyCase: true });
  const own = mount(
    routes.filter((route) => !isWorkosRoute(route)),
    deps,
    { anyCase: false },
  );
  return (req, res, next) => {
    if (req.path.startsWith('/v1/') || own.isFixed(req)) return own.handle(req, res, next);
    return workos.handle(req, res, (error?: unknown) => {
      if (error === undefined) own.handle(req, res, next);
      else next(error);
    });
  };
}

const isWorkosRoute = ({ endpoint }: Route): boolean => isOfWorkos(endpoint);

interface Mounted {
  readonly handle: RequestHandler;
  /** True if the request is to an operation whose path has no parameters. */
  readonly isFixed: (req: Request) => boolean;
}

/** @param anyCase the fixed parts of paths match in any case, and a slash may follow */
function mount(
  routes: readonly Route[],
  deps: RouterDeps,
  { anyCase }: { readonly anyCase: boolean },
): Mounted {
  const router = Router({ caseSensitive: !anyCase, strict: !anyCase });
  const fixed = new Map<string, RequestHandler>();
  const keyOf = ({ method, path }: Request) => `${method} ${anyCase ? path.toLowerCase() : path}`;
  for (const route of routes.filter(isFixed)) {
    const { path } = route.endpoint;
    const handler = operation(route, deps);
    for (const method of methodsOf(route)) {
      fixed.set(`${method} ${path}`, handler);
      if (anyCase && !mayLackId(route, routes)) fixed.set(`${method} ${path}/`, handler);
    }
  }
  // Before paths with parameters: `DELETE /api_keys/validations` must not delete the API key `validations`.
  refuseOtherMethods(router, routes.filter(isFixed));
  const templated = routes.filter((route) => !isFixed(route));
  for (const route of templated)
    router[route.endpoint.method](expressPath(route.endpoint.path), operation(route, deps));
  refuseOtherMethods(router, templated);
  return {
    // Most requests go to a path without parameters; a map finds those without trying a hundred routes.
    handle: (req, res, next) => (fixed.get(keyOf(req)) ?? router)(req, res, next),
    isFixed: (req) => fixed.has(keyOf(req)),
  };
}

/** Where a browser goes, GET has effects that HEAD must not have: a portal link that it created would reach nobody. */
const methodsOf = ({ endpoint: { method, reply } }: Route): string[] =>
  method === 'get' && reply.status !== 'browser' ? ['GET', 'HEAD'] : [method.toUpperCase()];

const isFixed = ({ endpoint }: Route): boolean => !endpoint.path.includes('{');

function refuseOtherMethods(router: Router, routes: readonly Route[]): void {
  for (const { endpoint } of routes)
    for (const method of endpoint.notOffered ?? [])
      router[method](expressPath(endpoint.path), notOffered);
  for (const [path, ofPath] of Map.groupBy(routes, ({ endpoint }) => endpoint.path))
    router.all(expressPath(path), wrongMethod(ofPath.flatMap(methodsOf)));
}

/** True if the path and a slash may also be that of one object whose id is empty. */
const mayLackId = ({ endpoint: { method, path } }: Route, routes: readonly Route[]): boolean =>
  routes.some(
    ({ endpoint: other }) =>
      other.method === method && other.path.replace(/\{\w+\}$/, '') === `${path}/`,
  );

/** `/v1/tenants/{tenant_id}` → `/v1/tenants/:tenant_id` */
const expressPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

const operation = (route: Route, deps: RouterDeps): RequestHandler =>
  async function run(req, res, next) {
    // Express routes HEAD to GET handlers.
    if (req.method === 'HEAD' && !methodsOf(route).includes('HEAD')) {
      next();
      return;
    }
    const { endpoint } = route;
    const context = contextOf(res);
    beginOperation(context, route);
    requireReady(deps);
    refuseDuplicateHeaders(req);
    const output = await runOperation(
      route,
      {
        context,
        headers: req.headers,
        idempotencyKey: req.headers['idempotency-key'],
        browser: browserOf(req, endpoint),
        async read(beforeBody) {
          const { unknown, ...read } = await readInput(req, endpoint, {
            beforeBody,
            bodies: deps.bodies,
          });
          reportIgnored(res, unknown);
          return read;
        },
      },
      deps,
    );
    reply(res, endpoint, output);
  };

function browserOf(req: Request, { reply: { status }, hasTexts }: Endpoint): Asked['browser'] {
  const isBrowser = status === 'browser';
  return {
    ...(isBrowser || hasTexts ? languageOf(req) : NO_BROWSER),
    address: isBrowser ? (req.ip ?? '') : '',
  };
}

const wrongMethod =
  (methods: readonly string[]): RequestHandler =>
  (req) => {
    if (methods.includes(req.method))
      throw new Problem('not-found', 'The path ends in a slash: the id of an object is missing.');
    throw new Problem(
      'method-not-allowed',
      `This path does not take ${req.method}, only ${methods.join(', ')}.`,
      {
        allow: methods,
      },
    );
  };

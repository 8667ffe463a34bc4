import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Language } from '../core/languages.ts';
import { Problem, type ProblemSlug } from '../core/problem.ts';
import type { Answer } from './answer.ts';
import { CHOSEN_BY_ACCEPT, prefersHtml } from './home.ts';
import { isOfWorkos, type Endpoint, type Route } from './endpoint.ts';
import { languageOf } from './language.ts';
import { hasSlashInExternalId, isUnofferedPath, notImplemented } from './not-offered.ts';
import { asOAuth } from './oauth-errors.ts';
import { problemHeaders, toProblem, writeProblem, type Translator } from './problem-details.ts';
import type { RefusedThing, Refusals } from './rate-limits.ts';
import { contextOf, noteProblem, UNMATCHED } from './request-context.ts';
import { writeAnswer } from './reply.ts';
import type { WayBack } from './way-back.ts';
import { withFieldCodes } from './wire-forms/error-codes.ts';

export interface ErrorPages {
  in(language: Language): {
    problem(
      problem: Problem,
      refused: {
        readonly requestId: string;
        readonly reloadable: boolean;
        readonly wayBack: WayBack | undefined;
      },
    ): Answer;
  };
}

/** Turns every error into a reply: a page for browsers, a problem for programs. Mounted last. */
export function errorHandler(
  translators: readonly Translator[],
  pages: ErrorPages,
  routes: readonly Route[],
  refusals: Refusals,
  publicUrl: string,
): ErrorRequestHandler {
  const pathsOf = (wanted: (endpoint: Endpoint) => boolean) =>
    new Set<string>(
      routes.filter(({ endpoint }) => wanted(endpoint)).map(({ endpoint }) => endpoint.path),
    );
  const workos = pathsOf(isOfWorkos);
  const browser = pathsOf(({ reply }) => reply.status === 'browser');
  const oauth = pathsOf(({ errors }) => errors === 'oauth');

  const write = (problem: Problem, req: Request, res: Response): void => {
    const path = plainPath(req.path);
    const { route } = contextOf(res);
    const isChosen = isChosenByAccept(problem, req.path, route);
    if (isChosen) res.setHeader('vary', CHOSEN_BY_ACCEPT.vary);
    if (browser.has(path) || browser.has(route) || (isChosen && prefersHtml(req)))
      writeAnswer(res, pageOf(pages, problem, req, res), {
        ...problemHeaders(problem),
        ...(isChosen && CHOSEN_BY_ACCEPT),
      });
    else writeProblem(req, res, oauth.has(path) ? asOAuth(problem) : problem, publicUrl);
  };

  return (error, req: Request, res, next) => {
    // The caller has left: there is nobody to answer.
    if (res.destroyed) return;
    if (res.headersSent) {
      next(error);
      return;
    }
    const context = contextOf(res);
    const refused = toProblem(error, [...translators, fromExpress]);
    const thing = REFUSED[refused.slug];
    const known = (thing && refusals.count(thing, req.ip ?? '')) ?? refused;
    const problem = workos.has(context.route) ? withFieldCodes(known) : known;
    noteProblem(context, problem);
    // Close the connection instead of reading the rest of a body that was dropped.
    if (problem.slug === 'overloaded' && !req.complete) res.shouldKeepAlive = false;
    write(problem, req, res);
  };
}

/** Problems of strangers, and what was refused. They are answered differently only if there are too many. */
const REFUSED: Partial<Record<ProblemSlug, RefusedThing>> = {
  unauthenticated: 'credential',
  'invalid-client': 'credential',
  'invalid-access-token': 'credential',
  'launch-gone': 'ticket',
};

const pageOf = (pages: ErrorPages, problem: Problem, req: Request, res: Response): Answer =>
  pages.in(languageOf(req).language).problem(problem, {
    requestId: contextOf(res).requestId,
    reloadable: req.method === 'GET',
    wayBack: contextOf(res).wayBack,
  });

/** True for a path that nothing has. Programs expect JSON below `/v1` and `/webhooks`, whatever they accept. */
const isChosenByAccept = ({ slug }: Problem, path: string, route: string): boolean =>
  route === UNMATCHED &&
  ['not-found', 'malformed-request'].includes(slug) &&
  !/^\/(v1|webhooks)(\/|$)/.test(path);

/** Paths of WorkOS's operations match in any case and with a slash at their end; all of these are in lower case. */
const plainPath = (path: string): string => path.toLowerCase().replace(/(?<=.)\/$/, '');

/** Translates the errors with a status that Express and its router throw for a malformed path. */
const fromExpress = (error: unknown): Problem | undefined => {
  const { status } = error as { status?: unknown };
  return error instanceof URIError || (typeof status === 'number' && status >= 400 && status < 500)
    ? new Problem('malformed-request', 'The path is not well-formed.')
    : undefined;
};

/** Handles requests that no route has matched. */
export function unknownPath(routes: readonly Route[]): RequestHandler {
  const ofWorkos = routes.filter(({ endpoint }) => isOfWorkos(endpoint));
  const areas = new Set(ofWorkos.map(({ endpoint }) => endpoint.path.split('/')[1]));
  return ({ path }) => {
    throw isUnofferedPath(path)
      ? notImplemented()
      : new Problem('not-found', whatIsWrongWith(path, areas));
  };
}

/** @param areas the first parts of WorkOS's paths */
function whatIsWrongWith(path: string, areas: ReadonlySet<string | undefined>): string {
  if (path.startsWith('//'))
    return 'The path begins with two slashes; the base URL of your SDK must not end in one.';
  if (hasSlashInExternalId(path))
    return 'An external id with a slash must be percent-encoded; encode it before giving it to an SDK that does not.';
  const [, first, second] = path.split('/');
  if (!areas.has(first) && second !== undefined && areas.has(second))
    return `The path has something before /${second}; the base URL of an SDK is the origin of Gatehouse alone, without a path.`;
  return 'There is nothing at this path; GET /openapi.json lists all operations.';
}

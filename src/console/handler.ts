import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { runAs } from '../core/caller.ts';
import { Cancellation, Cancelled } from '../core/cancellation.ts';
import { describeCause } from '../core/describe-cause.ts';
import { Problem, PROBLEMS } from '../core/problem.ts';
import { fromPostgres } from '../db/problems.ts';
import { refuseEmbedded, refuseForeignScript, requireOwnForm } from '../http/navigation.ts';
import { isOwnHost, originOf } from './address.ts';
import * as cards from './cards.ts';
import type { SignIn } from './sign-in.ts';
import { BASE, type Frame } from './frame.ts';
import { send, type Reply } from './reply.ts';
import { readForm, targetOf, type RequestTarget } from './request.ts';
import type { Router } from './router.ts';
import { createSlots } from './slots.ts';

export interface HandlerDeps {
  readonly frame: Frame;
  readonly signIn: SignIn;
  readonly router: Router;
  readonly logger: Logger;
  readonly consoleUrl: string | undefined;
  /** False until the database may be used. */
  readonly isReady: () => boolean;
}

export type ConsoleHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** Its share of the database sessions is one of the smallest, so that it cannot delay logins. */
const CALLER = { clientId: '@console', isRequest: true, priority: 'batch' } as const;
/** The most lookups that strangers may cause at once, and the most pages that signed-in operators may open at once. */
const MOST_LOOKUPS = 8;
const MOST_PAGES = 4;

/** Answers everything below `/console` on the admin port. */
export function createConsoleHandler(deps: HandlerDeps): ConsoleHandler {
  const { frame, signIn, router, consoleUrl } = deps;
  const lookups = createSlots(MOST_LOOKUPS);
  const pages = createSlots(MOST_PAGES);
  const busy = () => frame.card(503, cards.BUSY, { 'retry-after': '1' });

  const get = async (req: IncomingMessage, { path, query }: RequestTarget): Promise<Reply> => {
    refuseEmbedded(req.headers);
    refuseForeignScript(req.headers);
    const visitor = await lookups.run(async () => (await signIn.show(path)) ?? signIn.visitor(req));
    if (!visitor) return busy();
    if ('status' in visitor) return visitor;
    return (await pages.run(() => router.show(path, query, visitor))) ?? busy();
  };

  const post = async (req: IncomingMessage, { path }: RequestTarget): Promise<Reply> => {
    const form = await readForm(req);
    if (!form) return frame.card(400, cards.UNREADABLE);
    requireOwnForm(req.headers, originOf(req.headers.host ?? '', consoleUrl));
    if (path === '/sign-in') return (await lookups.run(() => signIn.enter(req, form))) ?? busy();
    const visitor = await lookups.run(() => signIn.visitor(req));
    if (!visitor) return busy();
    if ('status' in visitor) return visitor;
    if (form.get('form_token') !== visitor.formToken) return frame.card(403, cards.FOREIGN_FORM);
    if (path === '/sign-out') return signIn.leave(req, visitor);
    return (await pages.run(() => router.act(path, form, visitor))) ?? busy();
  };

  const replyTo = async (req: IncomingMessage): Promise<Reply> => {
    if (!isOwnHost(req.headers.host ?? '', consoleUrl)) return frame.card(421, cards.WRONG_HOST);
    const target = targetOf(req.url);
    if (!target) return frame.card(400, cards.UNREADABLE);
    const file = frame.file(target.path);
    if (file) return file;
    if (!deps.isReady()) return unavailable(frame);
    const below = { ...target, path: target.path.slice(BASE.length) || '/' };
    if (req.method === 'GET' || req.method === 'HEAD') return get(req, below);
    if (req.method === 'POST') return post(req, below);
    return frame.card(405, cards.UNREADABLE, { allow: 'GET, HEAD, POST' });
  };

  return (req, res) => {
    const cancellation = new Cancellation();
    res.once('close', () => {
      if (!res.writableFinished) cancellation.cancel();
    });
    return runAs({ ...CALLER, cancellation }, async () => {
      try {
        const reply = await replyTo(req).catch((error: unknown) => failure(error, deps));
        await send(req, res, reply);
      } catch (error) {
        // A file broke off, or nobody waits for the reply.
        if (!(cancellation.isCancelled || error instanceof Cancelled)) logFailure(error, deps);
        res.destroy();
      }
    });
  };
}

/** True for the paths of the console. */
export const isConsolePath = (url = ''): boolean => /^\/console(?:[/?]|$)/.test(url);

const unavailable = (frame: Frame): Reply =>
  frame.card(503, cards.UNAVAILABLE, { 'retry-after': '2' });

/** @throws Cancelled if nobody waits for the reply */
function failure(error: unknown, deps: HandlerDeps): Reply {
  const { frame } = deps;
  if (error instanceof Cancelled) throw error;
  if (fromPostgres(error)) return unavailable(frame);
  if (error instanceof Problem && error.slug === 'navigation-required')
    return frame.card(403, cards.FOREIGN_FORM);
  if (error instanceof Problem)
    return frame.card(PROBLEMS[error.slug].status, cards.refusalCard(error.message));
  logFailure(error, deps);
  return frame.card(500, cards.BROKEN);
}

const logFailure = (error: unknown, { logger }: HandlerDeps): void => {
  logger.error({ cause: describeCause(error) }, 'the console could not answer');
};

import type { Request, RequestHandler } from 'express';
import type { Language } from '../core/languages.ts';
import type { Answer } from './answer.ts';
import { languageOf } from './language.ts';
import { writeAnswer } from './reply.ts';
import { contextOf } from './request-context.ts';

/** True if the request prefers HTML to JSON: a person has opened the address in a browser. */
export const prefersHtml = (req: Request): boolean =>
  req.accepts(['application/json', 'application/problem+json', 'text/html']) === 'text/html';

/** Headers of an answer whose media type the request chose. */
export const CHOSEN_BY_ACCEPT = { vary: 'Accept, Accept-Language' };

/** Shows browsers a page at `/`. Programs are answered as at any unknown path. */
export const homePage =
  (pages: { in(language: Language): { home(): Answer } }): RequestHandler =>
  (req, res, next) => {
    const isAsked = req.path === '/' && ['GET', 'HEAD'].includes(req.method);
    if (!isAsked || !prefersHtml(req)) {
      next();
      return;
    }
    contextOf(res).route = '/';
    writeAnswer(res, pages.in(languageOf(req).language).home(), CHOSEN_BY_ACCEPT);
  };

/** The pages that a browser gets: confirm, return and problem pages, and the guide to problems. */
import type { Answer } from '../http/answer.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { LANGUAGES, type Language } from '../core/languages.ts';
import { PROBLEMS, type Problem } from '../core/problem.ts';
import { iconAsset, stylesheetAsset, type Asset } from './assets.ts';
import type { Intent } from '../core/intents.ts';
import { linkErrors } from './link-errors.ts';
import { problemText } from './problem-text.ts';
import { OUTCOME_TEXT, titleOf, type ReturnView } from './return-text.ts';
import { problemGuideView } from './problem-guide/view.ts';
import { isGoodState, stateText } from './state-text.ts';
import { render, type LocalTemplate } from './templates.ts';
import { textsIn, type Texts } from './texts/texts.ts';

export type { Asset } from './assets.ts';
export type { ReturnView } from './return-text.ts';

export interface PagesOptions {
  /** `color` is `#rrggbb`. */
  readonly brand: {
    readonly name: string;
    readonly logoUrl: string | undefined;
    readonly color: string;
  };
  /** Origins that the confirm page's form may be redirected to; Chromium blocks others. */
  readonly portalOrigins: readonly string[];
}

export type Page = Exclude<Answer, { redirect: unknown }>;

export interface ConfirmView {
  readonly tenantName: string;
  readonly intent: Intent;
  /** Fields that the form sends to `/launch-portal`. */
  readonly fields: Readonly<Record<string, string>>;
  /** The language that the `lang` parameter asked for. */
  readonly lang: Language | undefined;
}

/** The pages for people, in one language. */
export interface LocalPages {
  /** Shows a problem of a browser's request, with a text for the person. */
  problem(problem: Problem, requestId: string): Page;
  /** Shows a button to press, so that merely opening a link changes nothing. */
  confirm(view: ConfirmView): Page;
  /** Answers the second of two clicks. */
  opening(): Page;
  /** Shows what is set up after a visit to the Admin Portal. */
  returned(view: ReturnView): Page;
}

export interface Pages {
  in(language: Language): LocalPages;
  /** Explains every problem to developers, in English. The `type` of a problem leads here. */
  problemGuide(): Page;
  readonly stylesheet: Asset;
  readonly icon: Asset;
}

export function createPages({ brand, portalOrigins }: PagesOptions): Pages {
  const stylesheet = stylesheetAsset(brand.color);
  const icon = iconAsset(brand.color);
  const frame = { brand, stylesheet: stylesheet.path, icon: icon.path, requestId: undefined };
  const plain = htmlHeaders(brand.logoUrl, []);
  const leading = htmlHeaders(brand.logoUrl, portalOrigins);
  const local = (language: Language) => localPages(textsIn(language), { frame, plain, leading });
  const all = new Map(LANGUAGES.map((language) => [language, local(language)]));
  return {
    stylesheet,
    icon,
    in: (language) => all.get(language) ?? local(language),
    problemGuide: () => ({
      status: 200,
      headers: { ...plain, 'content-language': 'en', 'cache-control': 'public, max-age=300' },
      body: render('problem-guide', { ...frame, t: textsIn('en'), ...problemGuideView }),
    }),
  };
}

/** What the pages of all languages share. */
interface Shared {
  readonly frame: object;
  readonly plain: Headers;
  /** Headers of a page whose form leads to the Admin Portal. */
  readonly leading: Headers;
}

type Headers = Readonly<Record<string, string>>;

function localPages(t: Texts, { frame, plain, leading }: Shared): LocalPages {
  const inLanguage = { 'content-language': t.language, vary: 'Accept-Language' };
  const page = (template: LocalTemplate, view: object, { status = 200, headers = plain } = {}) => ({
    status,
    headers: { ...headers, ...inLanguage },
    body: render(template, { ...frame, t, ...view }),
  });
  return {
    problem: (problem, requestId) =>
      page(
        'problem',
        { ...problemView(problem, t), requestId },
        { status: PROBLEMS[problem.slug].status },
      ),
    confirm: (view) => page('confirm', confirmView(view, t), { headers: leading }),
    opening: () => page('opening', { title: t.text('opening.title') }),
    returned: (view) => page('returned', returnedView(view, t)),
  };
}

const htmlHeaders = (logoUrl: string | undefined, formAction: readonly string[]): Headers => ({
  ...pageHeaders(logoUrl && new URL(logoUrl).origin, formAction),
  'content-type': 'text/html; charset=utf-8',
});

function confirmView({ lang, ...view }: ConfirmView, { text }: Texts) {
  const query = lang ? `?lang=${lang}` : '';
  return { ...view, title: text(`intent.${view.intent}.task`), action: `/launch-portal${query}` };
}

function problemView({ slug, errors }: Problem, t: Texts) {
  const { name, temporary } = problemText(slug);
  return {
    title: t.text(`problem.${name}.title`),
    next: t.text(`problem.${name}.next`),
    tone: temporary ? 'waiting' : 'problem',
    linkErrors: linkErrors(errors, t),
  };
}

function returnedView(view: ReturnView, t: Texts) {
  const { tenantName, intent, outcome, items, next, reloadable } = view;
  const { sentences, tone } = OUTCOME_TEXT[outcome];
  return {
    tenantName,
    title: titleOf(view, t),
    text: sentences(intent)
      .map((key) => t.text(key))
      .join(' '),
    tone,
    items: items.map(({ name, state }) => ({
      name,
      state: { text: stateText(state, t), good: isGoodState(state) },
    })),
    itemsLabel: t.text(`intent.${intent}.items`),
    nextPage: next,
    reloadable,
  };
}

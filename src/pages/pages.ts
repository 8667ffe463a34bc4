/** The pages that a browser gets: confirm, return and problem pages, and the guide to problems. */
import type { Answer } from '../http/answer.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { PROBLEMS, type Problem } from '../core/problem.ts';
import { iconAsset, stylesheetAsset, type Asset } from './assets.ts';
import type { Intent } from '../core/intents.ts';
import { INTENT_TEXT } from './intent-text.ts';
import { linkErrors } from './link-errors.ts';
import { problemText } from './problem-text.ts';
import { OUTCOME_TEXT, stateText, titleOf, type ReturnView } from './return-text.ts';
import { problemGuideView } from './problem-guide/view.ts';
import { render } from './templates.ts';

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
}

export interface Pages {
  /** Shows a problem of a browser's request, with a text for the person. */
  problem(problem: Problem, requestId: string): Page;
  /** Shows a button to press, so that merely opening a link changes nothing. */
  confirm(view: ConfirmView): Page;
  /** Answers the second of two clicks. */
  opening(): Page;
  /** Shows what is set up after a visit to the Admin Portal. */
  returned(view: ReturnView): Page;
  /** Explains every problem. The `type` of a problem leads here. */
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
  return {
    stylesheet,
    icon,
    problem: (problem, requestId) => ({
      status: PROBLEMS[problem.slug].status,
      headers: plain,
      body: render('problem', { ...frame, ...problemView(problem), requestId }),
    }),
    confirm: (view) => ({
      status: 200,
      headers: leading,
      body: render('confirm', { ...frame, ...view, title: INTENT_TEXT[view.intent].task }),
    }),
    opening: () => ({
      status: 200,
      headers: plain,
      body: render('opening', { ...frame, title: 'The Admin Portal is being opened' }),
    }),
    returned: (view) => ({
      status: 200,
      headers: plain,
      body: render('returned', { ...frame, ...returnedView(view) }),
    }),
    problemGuide: () => ({
      status: 200,
      headers: { ...plain, 'cache-control': 'public, max-age=300' },
      body: render('problem-guide', { ...frame, ...problemGuideView }),
    }),
  };
}

const htmlHeaders = (logoUrl: string | undefined, formAction: readonly string[]) => ({
  ...pageHeaders(logoUrl && new URL(logoUrl).origin, formAction),
  'content-type': 'text/html; charset=utf-8',
});

function problemView({ slug, errors }: Problem) {
  const { title, next, temporary } = problemText(slug);
  return { title, next, tone: temporary ? 'waiting' : 'problem', linkErrors: linkErrors(errors) };
}

function returnedView(view: ReturnView) {
  const { tenantName, intent, outcome, items, next, reloadable } = view;
  const { text, tone } = OUTCOME_TEXT[outcome];
  return {
    tenantName,
    title: titleOf(view),
    text: text(intent),
    tone,
    items: items.map(({ name, state }) => ({ name, state: stateText(state) })),
    itemsLabel: INTENT_TEXT[intent].items,
    nextPage: next,
    reloadable,
  };
}

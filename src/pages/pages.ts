/** The pages that a browser gets: confirm, return and problem pages, and the guide to problems. */
import type { Answer } from '../http/answer.ts';
import { pageHeaders } from '../http/security-headers.ts';
import { LANGUAGES, type Language } from '../core/languages.ts';
import { PROBLEMS, type Problem } from '../core/problem.ts';
import { iconAsset, stylesheetAsset, type Asset } from './assets.ts';
import { problemGuideView } from './problem-guide/view.ts';
import { signInTestView, type SignInTestView } from './setup-page/test-view.ts';
import { setupView, type SetupView } from './setup-page/view.ts';
import { render, type LocalTemplate } from './templates.ts';
import { textsIn, type Texts } from './texts/texts.ts';
import { problemView, type Refused } from './problem-view.ts';
import { confirmView, returnedView, type ConfirmView, type ReturnedView } from './views.ts';

export type { Asset } from './assets.ts';
export type { ReturnView } from './return-text.ts';
export type { ConfirmView, ReturnedView } from './views.ts';

export interface Brand {
  readonly name: string;
  readonly logoUrl: string | undefined;
  /** `#rrggbb` */
  readonly color: string;
  /** Where people find the product. */
  readonly productUrl?: string | undefined;
  /** Where people get help: https or mailto. */
  readonly supportUrl?: string | undefined;
}

export interface PagesOptions {
  readonly brand: Brand;
  /** Origins that the confirm page's form may be redirected to; Chromium blocks others. */
  readonly portalOrigins: readonly string[];
}

export type Page = Exclude<Answer, { redirect: unknown }>;

/** The pages for people, in one language. */
export interface LocalPages {
  /** Says what this host is for. */
  home(): Page;
  /** Shows a problem of a browser's request, with a text for the person. */
  problem(problem: Problem, refused: Refused): Page;
  /** Shows a button to press, so that merely opening a link changes nothing. */
  confirm(view: ConfirmView): Page;
  /** Answers the second of two clicks. */
  opening(): Page;
  /** Shows every feature of a tenant. */
  setup(view: SetupView): Page;
  /** Shows what came back from a test of the sign-in. */
  signInTest(view: SignInTestView): Page;
  /** Shows what is set up after a visit to the Admin Portal. */
  returned(view: ReturnedView): Page;
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
  const withIcons = htmlHeaders(brand.logoUrl, portalOrigins, [PROVIDER_ICONS]);
  const local = (language: Language) =>
    localPages(textsIn(language), { frame, plain, leading, withIcons });
  const all = new Map(LANGUAGES.map((language) => [language, local(language)]));
  return {
    stylesheet,
    icon,
    in: (language) => all.get(language) ?? local(language),
    problemGuide: () => ({
      status: 200,
      headers: { ...plain, 'content-language': 'en', 'cache-control': 'public, max-age=300' },
      body: render('problem-guide', { ...frame, t: textsIn('en'), ...problemGuideView() }),
    }),
  };
}

/** What the pages of all languages share. */
interface Shared {
  readonly frame: { readonly brand: Brand };
  readonly plain: Headers;
  /** Headers of a page whose form leads to the Admin Portal. */
  readonly leading: Headers;
  /** As `leading`, for a page with icons of identity providers. */
  readonly withIcons: Headers;
}

type Headers = Readonly<Record<string, string>>;

function localPages(t: Texts, { frame, plain, leading, withIcons }: Shared): LocalPages {
  const { name, supportUrl } = frame.brand;
  const inLanguage = { 'content-language': t.language, vary: 'Accept-Language' };
  const page = (template: LocalTemplate, view: object, { status = 200, headers = plain } = {}) => ({
    status,
    headers: { ...headers, ...inLanguage },
    body: render(template, { ...frame, t, ...view }),
  });
  return {
    home: () => page('home', { title: t.text('home.title', { product: name }) }),
    problem(problem, refused) {
      const view = problemView(problem, refused, t, supportUrl);
      const { status } = PROBLEMS[problem.slug];
      // The button that tries again may lead to the Admin Portal.
      return page('problem', view, { status, headers: view.again ? leading : plain });
    },
    confirm: (view) => page('confirm', confirmView(view, t, name), { headers: leading }),
    opening: () => page('opening', { title: t.text('opening.title') }),
    setup: (view) => page('setup', setupView(view, t), { headers: withIcons }),
    signInTest: (view) => page('sign-in-test', signInTestView(view, t), { headers: leading }),
    returned: (view) => page('returned', returnedView(view, t)),
  };
}

/** WorkOS's CDN. */
const PROVIDER_ICONS = 'https://cdn.workos.com';

const htmlHeaders = (
  logoUrl: string | undefined,
  formAction: readonly string[],
  images: readonly string[] = [],
): Headers => ({
  ...pageHeaders([...images, ...(logoUrl ? [new URL(logoUrl).origin] : [])], formAction),
  'content-type': 'text/html; charset=utf-8',
});

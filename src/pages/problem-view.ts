/** The data of the page about a problem. */
import { PROBLEMS, type Problem } from '../core/problem.ts';
import type { WayBack } from '../http/way-back.ts';
import { linkErrors } from './link-errors.ts';
import { problemText } from './problem-text.ts';
import type { PlainKey, Texts } from './texts/texts.ts';
import { factsOf } from './views.ts';

/** The request that met a problem. */
export interface Refused {
  readonly requestId: string;
  /** True if the browser may open the address again: it was not a form. */
  readonly reloadable: boolean;
  /** Where the person came from. Undefined for a link from elsewhere. */
  readonly wayBack?: WayBack | undefined;
}

export function problemView(
  problem: Problem,
  { requestId, reloadable, wayBack }: Refused,
  t: Texts,
  supportUrl: string | undefined,
) {
  const { name, temporary = false, support = false } = problemText(problem.slug);
  const way = isWayOpen(problem, temporary) ? wayBack : undefined;
  const again = temporary ? way?.again : undefined;
  const mayTryAgain = !again && reloadable && (temporary || name === 'navigation');
  return {
    requestId,
    supportUrl: supportUrl && withSubject(supportUrl, t.text('frame.reference', { id: requestId })),
    title: t.text(`problem.${name}.title`),
    next: t.text(again ? AGAIN[again.after] : `problem.${name}.next`),
    tone: temporary ? 'waiting' : 'problem',
    mayTryAgain,
    first: again || mayTryAgain || way?.path ? undefined : support ? 'support' : 'product',
    again,
    back: way?.path,
    tenantName: way?.asked?.tenantName,
    facts: way?.asked && factsOf(way.asked, t, way.path ? 'frame.openUntil' : 'frame.until'),
    linkErrors: linkErrors(problem.errors, t),
  };
}

/** What to do next, if the same can be done again. */
const AGAIN: Readonly<Record<NonNullable<WayBack['again']>['after'], PlainKey>> = {
  confirm: 'launch.failed',
  'setup-button': 'setup.failed',
  'sign-in-test': 'test.unfinished',
};

/** After a refusal of the person the page they came from is closed too. */
const isWayOpen = ({ slug }: Problem, temporary: boolean): boolean =>
  temporary || PROBLEMS[slug].status >= 500 || slug === 'navigation-required';

/** An e-mail gets the reference as its subject, unless its address has one. */
const withSubject = (url: string, subject: string): string =>
  url.startsWith('mailto:') && !url.includes('?')
    ? `${url}?subject=${encodeURIComponent(subject)}`
    : url;

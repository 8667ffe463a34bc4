/** The data of each page's template, in one language. */
import type { LaunchIntent } from '../core/intents.ts';
import type { Language } from '../core/languages.ts';
import { OUTCOME_TEXT, titleOf, type ReturnView } from './return-text.ts';
import { stateText, toneOf } from './state-text.ts';
import type { Texts } from './texts/texts.ts';

/** Who asks for a visit, for whom, and until when. */
export interface Asked {
  /** The name of the client. Undefined if it was deleted. */
  readonly product: string | undefined;
  readonly userId: string;
  /** Until when the page works. Undefined if it does not expire by itself. */
  readonly until: Date | null | undefined;
}

export interface ConfirmView extends Asked {
  readonly tenantName: string;
  readonly intent: LaunchIntent;
  /** Fields that the form sends to `/launch-portal`. */
  readonly fields: Readonly<Record<string, string>>;
  /** The language that the `lang` parameter asked for. */
  readonly lang: Language | undefined;
}

export type ReturnedView = ReturnView & Asked;

export function confirmView({ lang, product, ...view }: ConfirmView, t: Texts, brand: string) {
  const page = view.intent === 'any' ? 'setup.confirm' : 'launch';
  return {
    ...view,
    title: t.text(`intent.${view.intent}.task`),
    lead: t.parts(`${page}.lead`, { product: product ?? brand }),
    button: t.text(`${page}.button`),
    facts: factsOf({ ...view, product }, t, 'frame.until'),
    action: lang ? `/launch-portal?lang=${lang}` : '/launch-portal',
  };
}

export function returnedView(view: ReturnedView, t: Texts) {
  const { tenantName, intent, outcome, items, next, setupPage, reloadable } = view;
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
      state: { text: stateText(state, t), tone: toneOf(state) },
    })),
    itemsLabel: t.text(`intent.${intent}.items`),
    nextPage: next,
    setupPage,
    reloadable,
    facts: factsOf(view, t),
  };
}

/** The end of a link, or of a page that is open. */
type UntilKey = 'frame.until' | 'frame.openUntil';

export function factsOf(
  { product, userId, until }: Asked,
  t: Texts,
  untilKey: UntilKey = 'frame.openUntil',
) {
  const facts = [
    ...(product === undefined ? [] : [{ label: t.text('frame.asking'), value: product }]),
    { label: t.text('frame.account'), value: userId },
  ];
  return until ? [...facts, { label: t.text(untilKey), value: t.time(until) }] : facts;
}

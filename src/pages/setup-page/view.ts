/** What the setup page shows, from the state of each feature. */
import type { Intent } from '../../core/intents.ts';
import type { Language } from '../../core/languages.ts';
import { factsOf, type Asked } from '../views.ts';
import { stepParts, type StepView } from '../step-text.ts';
import type { Feature, SetupFeatures, State } from './features.ts';
import { itemsOf } from './items.ts';
import { testPath } from './test-view.ts';
import type { PlainKey, Texts } from '../texts/texts.ts';

/** What is known about a tenant's setup. */
export interface SetupOverview {
  readonly features: SetupFeatures;
  /** The most urgent first. */
  readonly steps: readonly StepView[];
  /** Null if it was never read completely. */
  readonly asOf: Date | null;
  /** False if WorkOS could not be read now. */
  readonly isCurrent: boolean;
}

export interface SetupView extends SetupOverview, Asked {
  /** Where the page is served and its forms are sent. */
  readonly path: string;
  readonly formToken: string;
  readonly tenantName: string;
  /** Undefined when the launch has no URL to lead on to. */
  readonly next: { readonly url: string; readonly host: string } | undefined;
  readonly lang: Language | undefined;
}

/** In the order of the page. */
const FEATURES: Readonly<Record<Intent, keyof SetupFeatures>> = {
  sso: 'sso',
  certificate_renewal: 'certificate_renewal',
  domain_verification: 'domain_verification',
  dsync: 'directory_sync',
  audit_logs: 'audit_logs',
  log_streams: 'log_streams',
  bring_your_own_key: 'bring_your_own_key',
};
const IN_ORDER = Object.keys(FEATURES) as readonly Intent[];

export function setupView(view: SetupView, t: Texts) {
  const { features, steps, asOf, isCurrent, lang, ...rest } = view;
  const [first, ...others] = steps;
  const query = lang ? `?lang=${lang}` : '';
  return {
    ...rest,
    title: t.text('setup.title'),
    action: `${view.path}${query}`,
    stale: isCurrent ? undefined : staleText(asOf, t),
    asOf: asOf && t.text('setup.asOf', { time: t.time(asOf) }),
    first: first && {
      text: stepParts(first, t),
      intent: first.intent,
      button: first.intent && buttonOf(first.intent, features, t),
      test: first.id && testPath(view.path, first.id, lang),
    },
    isUnknown: asOf === null && steps.length === 0,
    features: IN_ORDER.map((intent) => {
      const { state, reason } = features[FEATURES[intent]];
      const step = others.find((one) => one.intent === intent);
      return {
        intent,
        name: t.text(`setup.${intent}.name`),
        state: t.text(
          isNothingToRenew(intent, state) ? 'setup.state.notNeeded' : `setup.state.${state}`,
        ),
        tone: TONES[state],
        text: step ? stepParts(step, t) : t.parts(aboutKey(intent, state, reason)),
        items: itemsOf(intent, features, t, (id) => testPath(view.path, id, lang)),
        button: buttonOf(intent, features, t),
        hasButton: first?.intent !== intent && !isNothingToRenew(intent, state),
      };
    }),
    facts: factsOf(view, t),
  };
}

const TONES: Readonly<Record<State, string>> = {
  not_configured: 'plain',
  in_progress: 'waiting',
  active: 'good',
  attention: 'bad',
  unknown: 'plain',
};

const staleText = (asOf: Date | null, t: Texts): string =>
  asOf ? t.text('setup.stale', { time: t.time(asOf) }) : t.text('setup.staleNever');

const isNothingToRenew = (intent: Intent, state: State): boolean =>
  intent === 'certificate_renewal' && state === 'not_configured';

/** What is there already, if it works or not, is not set up again. */
function buttonOf(intent: Intent, features: SetupFeatures, t: Texts): string {
  const { state } = features[FEATURES[intent]];
  const isThere =
    state === 'active' || (state === 'attention' && REPAIRED_BY_CHANGE.includes(intent));
  return t.text(isThere ? `setup.${intent}.change` : `intent.${intent}.task`);
}

const REPAIRED_BY_CHANGE: readonly Intent[] = ['sso', 'dsync', 'log_streams', 'bring_your_own_key'];

function aboutKey(intent: Intent, state: State, reason: Feature['reason']): PlainKey {
  if (reason !== undefined) return `setup.reason.${reason}`;
  return isNothingToRenew(intent, state)
    ? 'setup.certificate_renewal.notNeeded'
    : `setup.${intent}.about`;
}

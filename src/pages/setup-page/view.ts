/** What the setup page shows, from the state of each feature. */
import type { Intent } from '../../core/intents.ts';
import type { Language } from '../../core/languages.ts';
import { stateText, toneOf } from '../state-text.ts';
import { factsOf, type Asked } from '../views.ts';
import { stepText, type StepView } from '../step-text.ts';
import { testPath } from './test-view.ts';
import type { PlainKey, Texts } from '../texts/texts.ts';

type State = 'not_configured' | 'in_progress' | 'active' | 'attention' | 'unknown';

interface Feature {
  readonly state: State;
  readonly reason?: 'not_read_yet' | 'not_told_yet';
}

interface Provided {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly provider: Provider;
}

export interface Provider {
  readonly name: string;
  /** URLs. Null when none is known. */
  readonly icon: { readonly light: string; readonly dark: string } | null;
}

interface Connection extends Provided {
  readonly certificate_expires_at?: string;
  readonly first_sign_in_at?: string;
}

export interface SetupFeatures {
  readonly sso: Feature & { readonly connections: readonly Connection[] };
  readonly directory_sync: Feature & { readonly directories: readonly Provided[] };
  readonly domain_verification: Feature & {
    readonly domains: readonly { readonly domain: string; readonly state: string }[];
  };
  readonly audit_logs: Feature;
  readonly log_streams: Feature;
  readonly certificate_renewal: Feature;
  readonly bring_your_own_key: Feature;
}

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

interface Item {
  readonly name: string;
  readonly provider: Provider | undefined;
  readonly state: string;
  readonly tone: string;
  readonly facts: readonly string[];
  /** Where a test of the connection's sign-in begins. */
  readonly test: string | undefined;
}

const FEATURES: readonly { readonly intent: Intent; readonly feature: keyof SetupFeatures }[] = [
  { intent: 'sso', feature: 'sso' },
  { intent: 'certificate_renewal', feature: 'certificate_renewal' },
  { intent: 'domain_verification', feature: 'domain_verification' },
  { intent: 'dsync', feature: 'directory_sync' },
  { intent: 'audit_logs', feature: 'audit_logs' },
  { intent: 'log_streams', feature: 'log_streams' },
  { intent: 'bring_your_own_key', feature: 'bring_your_own_key' },
];

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
      text: stepText(first, t),
      intent: first.intent,
      button: first.intent && t.text(`intent.${first.intent}.task`),
      test: first.id && testPath(view.path, first.id, lang),
    },
    isUnknown: asOf === null && steps.length === 0,
    features: FEATURES.map(({ intent, feature }) => {
      const { state, reason } = features[feature];
      const step = others.find((one) => one.intent === intent);
      return {
        intent,
        name: t.text(`setup.${intent}.name`),
        state: t.text(
          isNothingToRenew(intent, state) ? 'setup.state.notNeeded' : `setup.state.${state}`,
        ),
        tone: TONES[state],
        text: step ? stepText(step, t) : t.text(aboutKey(intent, state, reason)),
        items: itemsOf(intent, features, t, (id) => testPath(view.path, id, lang)),
        button: t.text(
          isToChange(intent, state) ? `setup.${intent}.change` : `intent.${intent}.task`,
        ),
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

/** What needs attention is there already, so it is not set up again. */
const isToChange = (intent: Intent, state: State): boolean =>
  state === 'active' || (state === 'attention' && REPAIRED_BY_CHANGE.includes(intent));

const REPAIRED_BY_CHANGE: readonly Intent[] = ['sso', 'dsync', 'log_streams', 'bring_your_own_key'];

function aboutKey(intent: Intent, state: State, reason: Feature['reason']): PlainKey {
  if (reason !== undefined) return `setup.reason.${reason}`;
  return isNothingToRenew(intent, state)
    ? 'setup.certificate_renewal.notNeeded'
    : `setup.${intent}.about`;
}

function itemsOf(
  intent: Intent,
  features: SetupFeatures,
  t: Texts,
  testOf: (connectionId: string) => string,
): readonly Item[] {
  const itemOf = (
    name: string,
    state: string,
    more: Partial<Pick<Item, 'provider' | 'facts' | 'test'>> = {},
  ): Item => ({
    ...{ name, state: stateText(state, t), tone: toneOf(state) },
    ...{ provider: undefined, facts: [], test: undefined, ...more },
  });
  if (intent === 'sso')
    return features.sso.connections.map((one) =>
      itemOf(one.name, one.state, {
        provider: one.provider,
        facts: connectionFacts(one, t),
        test: one.state === 'active' ? testOf(one.id) : undefined,
      }),
    );
  if (intent === 'dsync')
    return features.directory_sync.directories.map(({ name, state, provider }) =>
      itemOf(name, state, { provider, facts: providerFacts(name, provider) }),
    );
  if (intent === 'domain_verification')
    return features.domain_verification.domains.map(({ domain, state }) => itemOf(domain, state));
  return [];
}

function connectionFacts(connection: Connection, t: Texts): string[] {
  const { name, provider, state, certificate_expires_at: end } = connection;
  const { first_sign_in_at: signIn } = connection;
  const facts = providerFacts(name, provider);
  if (end !== undefined) {
    const key = Date.parse(end) <= Date.now() ? 'setup.certificateExpired' : 'setup.certificate';
    facts.push(t.text(key, { date: t.date(new Date(end)) }));
  }
  if (state === 'active')
    facts.push(
      signIn === undefined
        ? t.text('setup.noSignIn')
        : t.text('setup.firstSignIn', { date: t.date(new Date(signIn)) }),
    );
  return facts;
}

/** Many connections are called like their provider. */
const providerFacts = (name: string, provider: Provider): string[] =>
  name === provider.name ? [] : [provider.name];

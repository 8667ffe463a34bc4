/** The connections, directories and domains on the setup page. */
import type { Intent } from '../../core/intents.ts';
import { stateText, toneOf } from '../state-text.ts';
import type { Texts } from '../texts/texts.ts';
import type { Connection, Provided, Provider, SetupFeatures } from './features.ts';

interface Item {
  readonly name: string;
  readonly provider: Provider | undefined;
  readonly state: string;
  readonly tone: string;
  readonly facts: readonly string[];
  /** Where a test of the connection's sign-in begins. */
  readonly test: string | undefined;
}

export function itemsOf(
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
    return features.directory_sync.directories.map((one) =>
      itemOf(one.name, one.state, { provider: one.provider, facts: providerFacts(one, t) }),
    );
  if (intent === 'domain_verification')
    return features.domain_verification.domains.map(({ domain, state }) => itemOf(domain, state));
  return [];
}

function connectionFacts(connection: Connection, t: Texts): string[] {
  const { state, certificate_expires_at: end, first_sign_in_at: signIn } = connection;
  const facts = providerFacts(connection, t);
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
function providerFacts({ name, type, provider }: Provided, t: Texts): string[] {
  if (type === 'Pending') return [t.text('setup.notChosen')];
  return name === provider.name ? [] : [provider.name];
}

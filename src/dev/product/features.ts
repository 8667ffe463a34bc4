/** What an IT admin can set up from the product, and what Gatehouse says of it. */
import type { Setup, SetupFeature, SetupState } from './gatehouse-client.ts';

export interface Feature {
  readonly intent: string;
  readonly name: string;
  readonly text: string;
  /** What the button says. */
  readonly action: string;
  /** In words. */
  readonly state: string;
  readonly tone: 'good' | 'waiting' | 'plain';
  readonly things: readonly Thing[];
}

interface Thing {
  readonly name: string;
  /** In words; empty where the feature's own state says it all. */
  readonly state: string;
}

interface Kind extends Pick<Feature, 'intent' | 'name' | 'text' | 'action'> {
  readonly feature: keyof Setup;
  /** What the button says once there is something. */
  readonly again: string;
}

const KINDS: readonly Kind[] = [
  {
    feature: 'sso',
    intent: 'sso',
    name: 'Single sign-on',
    text: 'Let everyone sign in through your company’s identity provider.',
    action: 'Set up single sign-on',
    again: 'Change single sign-on',
  },
  {
    feature: 'certificate',
    intent: 'certificate_renewal',
    name: 'Certificate',
    text: 'A certificate of your identity provider ends soon or has ended. Renew it, so that everybody can go on signing in.',
    action: 'Renew the certificate',
    again: 'Renew the certificate',
  },
  {
    feature: 'directorySync',
    intent: 'dsync',
    name: 'Directory sync',
    text: 'Keep people and groups up to date from your directory.',
    action: 'Set up directory sync',
    again: 'Change directory sync',
  },
  {
    feature: 'domains',
    intent: 'domain_verification',
    name: 'Domains',
    text: 'Prove that a domain is yours.',
    action: 'Verify a domain',
    again: 'Verify another domain',
  },
];

/** A certificate is spoken of only when somebody has to act. */
export const featuresOf = (setup: Setup): Feature[] =>
  KINDS.filter(
    ({ feature }) => feature !== 'certificate' || setup.certificate.state === 'attention',
  ).map(({ feature, action, again, ...kind }) => ({
    ...kind,
    ...STATES[setup[feature].state],
    action: setup[feature].things.length > 0 ? again : action,
    things: thingsOf(setup[feature]),
  }));

const STATES: Readonly<Record<SetupState, Pick<Feature, 'state' | 'tone'>>> = {
  not_configured: { state: 'Not set up', tone: 'plain' },
  in_progress: { state: 'In progress', tone: 'waiting' },
  active: { state: 'Active', tone: 'good' },
  attention: { state: 'Needs attention', tone: 'waiting' },
  unknown: { state: 'Not known yet', tone: 'plain' },
};

const WORDS: Readonly<Record<string, string>> = {
  pending: 'Waiting for the DNS record',
  failed: 'Verification failed',
  inactive: 'Not active',
};

const thingsOf = ({ things, state }: SetupFeature): Thing[] =>
  things.map((thing) => ({
    name: thing.name,
    state: things.length === 1 && state === 'active' ? '' : wordsOf(thing.state),
  }));

function wordsOf(state: string): string {
  const words = WORDS[state] ?? state.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

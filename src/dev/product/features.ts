/** The features an IT admin can set up, with their status from Gatehouse. */
import type { Setup, SetupFeature, SetupState } from './gatehouse-replies.ts';

export interface Feature {
  readonly intent: string;
  readonly name: string;
  readonly text: string;
  /** Label of the button. */
  readonly action: string;
  /** Display text. */
  readonly state: string;
  readonly tone: 'good' | 'waiting' | 'plain';
  readonly items: readonly Item[];
}

interface Item {
  readonly name: string;
  /** Display text; empty when the feature's state says the same. */
  readonly state: string;
}

interface Kind extends Pick<Feature, 'intent' | 'name' | 'text' | 'action'> {
  readonly feature: keyof Setup;
  /** Label of the button once something is set up. */
  readonly changeAction: string;
}

const KINDS: readonly Kind[] = [
  {
    feature: 'sso',
    intent: 'sso',
    name: 'Single sign-on',
    text: 'Let everyone sign in through your company’s identity provider.',
    action: 'Set up single sign-on',
    changeAction: 'Change single sign-on',
  },
  {
    feature: 'certificate',
    intent: 'certificate_renewal',
    name: 'Certificate',
    text: 'A certificate of your identity provider expires soon or has expired. Renew it so that everyone can keep signing in.',
    action: 'Renew the certificate',
    changeAction: 'Renew the certificate',
  },
  {
    feature: 'directorySync',
    intent: 'dsync',
    name: 'Directory sync',
    text: 'Keep people and groups up to date from your directory.',
    action: 'Set up directory sync',
    changeAction: 'Change directory sync',
  },
  {
    feature: 'domains',
    intent: 'domain_verification',
    name: 'Domains',
    text: 'Prove that a domain is yours.',
    action: 'Verify a domain',
    changeAction: 'Verify another domain',
  },
];

/** Leaves the certificate out unless it needs attention. */
export const featuresOf = (setup: Setup): Feature[] =>
  KINDS.filter(
    ({ feature }) => feature !== 'certificate' || setup.certificate.state === 'attention',
  ).map(({ feature, action, changeAction, ...kind }) => ({
    ...kind,
    ...STATES[setup[feature].state],
    action: setup[feature].items.length > 0 ? changeAction : action,
    items: itemsOf(setup[feature]),
  }));

const STATES: Readonly<Record<SetupState, Pick<Feature, 'state' | 'tone'>>> = {
  not_configured: { state: 'Not set up', tone: 'plain' },
  in_progress: { state: 'In progress', tone: 'waiting' },
  active: { state: 'Active', tone: 'good' },
  attention: { state: 'Needs attention', tone: 'waiting' },
  unknown: { state: 'Not known yet', tone: 'plain' },
};

const STATE_TEXTS: Readonly<Record<string, string>> = {
  pending: 'Waiting for the DNS record',
  failed: 'Verification failed',
  inactive: 'Not active',
};

const itemsOf = ({ items, state }: SetupFeature): Item[] =>
  items.map((item) => ({
    name: item.name,
    state: items.length === 1 && state === 'active' ? '' : stateText(item.state),
  }));

function stateText(state: string): string {
  const text = STATE_TEXTS[state] ?? state.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What an IT admin can set up from the product. */
import type { Feature } from './product-views.ts';

const FEATURES: readonly Omit<Feature, 'state'>[] = [
  {
    intent: 'sso',
    name: 'Single sign-on',
    text: 'Let everyone sign in through your company’s identity provider.',
    action: 'Set up single sign-on',
  },
  {
    intent: 'dsync',
    name: 'Directory sync',
    text: 'Keep people and groups up to date from your directory.',
    action: 'Set up directory sync',
  },
  {
    intent: 'domain_verification',
    name: 'Domains',
    text: 'Prove that a domain is yours.',
    action: 'Verify a domain',
  },
];

export interface Features {
  of(tenantId: string): Feature[];
  opened(tenantId: string, intent: string): void;
  /** It works, or it would not have been used. */
  used(tenantId: string, intent: string): void;
}

/** Remembers what was opened and used from here; whether it was finished, only the Admin Portal knows. */
export function createFeatures(): Features {
  const states = new Map<string, string>();
  const stateOf = (tenantId: string, intent: string) =>
    states.get(`${tenantId} ${intent}`) ?? 'Not set up';
  return {
    of: (tenantId) => FEATURES.map((one) => ({ ...one, state: stateOf(tenantId, one.intent) })),
    opened(tenantId, intent) {
      states.set(`${tenantId} ${intent}`, 'Setup opened');
    },
    used(tenantId, intent) {
      states.set(`${tenantId} ${intent}`, 'In use');
    },
  };
}

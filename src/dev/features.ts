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
}

/** Remembers what was opened from here; whether it was finished, only the Admin Portal knows. */
export function createFeatures(): Features {
  const opened = new Set<string>();
  const stateOf = (tenantId: string, intent: string) =>
    opened.has(`${tenantId} ${intent}`) ? 'Setup opened' : 'Not set up';
  return {
    of: (tenantId) => FEATURES.map((one) => ({ ...one, state: stateOf(tenantId, one.intent) })),
    opened(tenantId, intent) {
      opened.add(`${tenantId} ${intent}`);
    },
  };
}

/** WorkOS's Admin Portal intents. */
export const INTENTS = [
  'sso',
  'dsync',
  'audit_logs',
  'log_streams',
  'domain_verification',
  'certificate_renewal',
  'bring_your_own_key',
] as const;

export type Intent = (typeof INTENTS)[number];

/** Intents of portal launches: `any` opens a page with all features, from which each is a launch of its own. */
export const LAUNCH_INTENTS = [...INTENTS, 'any'] as const;

export type LaunchIntent = (typeof LAUNCH_INTENTS)[number];

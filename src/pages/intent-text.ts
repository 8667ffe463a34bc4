import type { Intent } from '../core/intents.ts';

/** Texts of the pages for one intent. */
export interface IntentText {
  readonly task: string;
  readonly active: string;
  readonly inProgress: string;
  /** The feature is set up but needs somebody to act. */
  readonly attention: string;
  readonly nothing: string;
  /** The heading of the list of items. */
  readonly items: string;
}

export const INTENT_TEXT: Record<Intent, IntentText> = {
  sso: {
    task: 'Set up single sign-on',
    active: 'Single sign-on is set up',
    inProgress: 'Single sign-on is not finished yet',
    attention: 'Single sign-on does not work now',
    nothing: 'Single sign-on is not set up yet',
    items: 'Connections',
  },
  dsync: {
    task: 'Set up directory sync',
    active: 'Directory sync is set up',
    inProgress: 'Directory sync is not finished yet',
    attention: 'Directory sync does not work now',
    nothing: 'Directory sync is not set up yet',
    items: 'Directories',
  },
  audit_logs: {
    task: 'View audit logs',
    active: 'Audit logs are ready',
    inProgress: 'Audit logs are not ready yet',
    attention: 'Audit logs do not work now',
    nothing: 'Audit logs are not switched on yet',
    items: 'Audit logs',
  },
  log_streams: {
    task: 'Set up log streams',
    active: 'Log streams are set up',
    inProgress: 'Log streams are not finished yet',
    attention: 'A log stream does not work now',
    nothing: 'Log streams are not set up yet',
    items: 'Log streams',
  },
  domain_verification: {
    task: 'Verify a domain',
    active: 'Your domain is verified',
    inProgress: 'Your domain is not verified yet',
    attention: 'Your domain could not be verified',
    nothing: 'No domain has been added yet',
    items: 'Domains',
  },
  certificate_renewal: {
    task: 'Renew a sign-in certificate',
    active: 'The certificate is up to date',
    inProgress: 'The certificate is not renewed yet',
    attention: 'The certificate is not renewed yet',
    nothing: 'There is no certificate to renew',
    items: 'Certificates',
  },
  bring_your_own_key: {
    task: 'Use your own encryption key',
    active: 'Your encryption key is in use',
    inProgress: 'Your encryption key is not in use yet',
    attention: 'Your encryption key does not work now',
    nothing: 'No encryption key has been added yet',
    items: 'Encryption keys',
  },
};

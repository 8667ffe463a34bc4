import type { NextStep } from './next-steps.ts';
import type { StepCode } from './schemas.ts';

type Values = Pick<NextStep, 'name' | 'expiresAt'>;

const day = (date = new Date()): string =>
  date.toLocaleDateString('en', { dateStyle: 'long', timeZone: 'UTC' });

const TEXTS: Readonly<Record<StepCode, (values: Required<Values>) => string>> = {
  renew_expired_certificate: ({ name, expiresAt }) =>
    `Renew the certificate of ${name}: it expired on ${day(expiresAt)}, so people may not be able to sign in.`,
  renew_certificate: ({ name, expiresAt }) =>
    `Renew the certificate of ${name} before it expires on ${day(expiresAt)}.`,
  repair_sso: ({ name }) =>
    `Repair the connection ${name}: it is not active, so nobody can sign in through it.`,
  finish_sso: ({ name }) => `Finish setting up the connection ${name}.`,
  set_up_sso: () => 'Connect your identity provider, so that people sign in through it.',
  test_sso: ({ name }) =>
    `Test ${name}: the connection is active, but nobody has signed in through it yet.`,
  repair_directory_sync: ({ name }) => `Repair the directory ${name}: it does not synchronize.`,
  finish_directory_sync: ({ name }) => `Finish setting up the directory ${name}.`,
  set_up_directory_sync: () =>
    'Connect your directory, so that users and groups are kept up to date.',
  retry_domain_verification: ({ name }) =>
    `Verify ${name} again: its DNS record was not found in time.`,
  finish_domain_verification: ({ name }) => `Add the DNS record that verifies ${name}.`,
  add_domain: () => 'Verify the domain of your e-mail addresses.',
  repair_log_streams: () => 'Repair the log stream: it delivers no events.',
  repair_encryption_key: () => 'Repair your encryption key: it could not be verified.',
};

export const stepText = (code: StepCode, values: Values): string =>
  TEXTS[code]({ name: '', expiresAt: new Date(0), ...values });

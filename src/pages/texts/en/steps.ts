/** The next steps of a tenant’s setup, for its page and for `next_steps`. */
export const steps = {
  'step.renew_expired_certificate':
    'Renew the certificate of {name}: it expired on {date}, so people may not be able to sign in.',
  'step.renew_certificate': 'Renew the certificate of {name} before it expires on {date}.',
  'step.repair_sso':
    'Repair the connection {name}: it is not active, so nobody can sign in through it.',
  'step.finish_sso': 'Finish setting up the connection {name}.',
  'step.set_up_sso': 'Connect your identity provider, so that people sign in through it.',
  'step.test_sso':
    'Test {name}: the connection is active, but nobody has signed in through it yet.',
  'step.repair_directory_sync': 'Repair the directory {name}: it does not synchronize.',
  'step.finish_directory_sync': 'Finish setting up the directory {name}.',
  'step.set_up_directory_sync':
    'Connect your directory, so that users and groups are kept up to date.',
  'step.retry_domain_verification': 'Verify {name} again: its DNS record was not found in time.',
  'step.finish_domain_verification': 'Add the DNS record that verifies {name}.',
  'step.add_domain': 'Verify the domain of your e-mail addresses.',
  'step.repair_log_streams': 'Repair the log stream: it delivers no events.',
  'step.repair_encryption_key': 'Repair your encryption key: it could not be verified.',
} as const;

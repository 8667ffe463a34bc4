/** Steps in the order of their urgency: what keeps people out comes first, what is optional last. */
export const STEP_CODES = [
  'renew_expired_certificate',
  'repair_sso',
  'repair_directory_sync',
  'renew_certificate',
  'retry_domain_verification',
  'repair_log_streams',
  'repair_encryption_key',
  'finish_sso',
  'finish_domain_verification',
  'finish_directory_sync',
  'test_sso',
  'set_up_sso',
  'add_domain',
  'set_up_directory_sync',
] as const;

export type StepCode = (typeof STEP_CODES)[number];

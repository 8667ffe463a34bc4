/** Why an e-mail with a portal link was not sent, and who can mend it: the operator, or whoever named the address. */
export const MAIL_FAILURES = {
  address_refused: 'caller',
  server_refused: 'caller',
  sender_refused: 'operator',
  server_busy: 'operator',
  server_unreachable: 'operator',
  server_too_slow: 'operator',
  server_says_too_much: 'operator',
  sign_in_refused: 'operator',
  tls_failed: 'operator',
  mail_not_configured: 'operator',
  key_missing: 'operator',
} as const;

export type MailFailureReason = keyof typeof MAIL_FAILURES;

export const OPERATORS_MAIL_FAILURES = (Object.keys(MAIL_FAILURES) as MailFailureReason[]).filter(
  (reason) => MAIL_FAILURES[reason] === 'operator',
);

/** Stored codes and tokens that WorkOS sends to users by e-mail, in the shapes of its API. */

interface Mailed {
  id: string;
  user_id: string;
  email: string;
  expires_at: string;
  created_at: string;
}

export interface MagicAuth extends Mailed {
  object: 'magic_auth';
  updated_at: string;
  code: string;
}

export interface EmailVerification extends Mailed {
  object: 'email_verification';
  updated_at: string;
  code: string;
}

export interface PasswordReset extends Mailed {
  object: 'password_reset';
  password_reset_token: string;
  password_reset_url: string;
}

/** Not in replies: WorkOS only sends its code by e-mail. */
export interface EmailChange {
  user_id: string;
  new_email: string;
  code: string;
  expires_at: string;
}

export interface CodeState {
  readonly magicAuths: Map<string, MagicAuth>;
  readonly emailVerifications: Map<string, EmailVerification>;
  readonly passwordResets: Map<string, PasswordReset>;
  /** Keyed by user id. */
  readonly emailChanges: Map<string, EmailChange>;
}

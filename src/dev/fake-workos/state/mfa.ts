/** What the fake remembers of authentication factors; members that are never on the wire say so. */

export interface AuthFactor {
  object: 'authentication_factor';
  id: string;
  type: 'generic_otp' | 'sms' | 'totp';
  /** Undefined: a factor of nobody that WorkOS knows. */
  user_id?: string;
  sms?: { phone_number: string };
  /** The secret is on the wire once, in the answer to its enrollment. */
  totp?: { issuer: string; user: string; secret: string };
  created_at: string;
  updated_at: string;
}

export interface AuthChallenge {
  object: 'authentication_challenge';
  id: string;
  authentication_factor_id: string;
  /** Undefined: does not expire, as those of an authenticator app. */
  expires_at?: string;
  /** Never on the wire, except to the caller who is to bring a generic_otp along; undefined for totp. */
  code?: string;
  /** What the text message said; never on the wire. Undefined: none went out. */
  message?: string;
  /** Wrong codes so far; never on the wire. */
  failures: number;
  /** Null: not answered rightly yet; never on the wire. */
  verified_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface MfaState {
  readonly authFactors: Map<string, AuthFactor>;
  readonly authChallenges: Map<string, AuthChallenge>;
}

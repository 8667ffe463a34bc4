/** Stored authentication factors and challenges. Fields that are not in replies are marked. */

export interface AuthFactor {
  object: 'authentication_factor';
  id: string;
  type: 'generic_otp' | 'sms' | 'totp';
  /** Undefined when the factor belongs to no WorkOS user. */
  user_id?: string;
  sms?: { phone_number: string };
  /** The secret is returned once, in the reply to the enrollment. */
  totp?: { issuer: string; user: string; secret: string };
  created_at: string;
  updated_at: string;
}

export interface AuthChallenge {
  object: 'authentication_challenge';
  id: string;
  authentication_factor_id: string;
  /** Undefined when it does not expire (authenticator apps). */
  expires_at?: string;
  /** Only returned for generic_otp, whose caller delivers the code; undefined for totp. */
  code?: string;
  /** Text of the SMS; not in replies. Undefined when no SMS was sent. */
  message?: string;
  /** Number of wrong codes; not in replies. */
  failures: number;
  /** Null until the right code was given; not in replies. */
  verified_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface MfaState {
  readonly authFactors: Map<string, AuthFactor>;
  readonly authChallenges: Map<string, AuthChallenge>;
}

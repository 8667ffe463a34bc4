/** Sessions of the Admin Portal. */

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

/** Behind one portal link; not in replies. */
export interface PortalSession {
  token: string;
  organization_id: string;
  /** Null when the caller named no intent, which WorkOS allows. */
  intent: Intent | null;
  intent_options: {
    sso?: { provider_type?: string };
    domain_verification?: { domain_name?: string };
  };
  return_url: string | null;
  success_url: string | null;
  it_contact_emails: string[];
  created_at: string;
  expires_at: string;
  /** Null until "Finish setup" was pressed. */
  finished_at: string | null;
}

export interface PortalState {
  /** Keyed by token. */
  readonly portalSessions: Map<string, PortalSession>;
}

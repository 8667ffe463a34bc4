/** The state of each feature of a tenant, as the setup page takes it. */

export type State = 'not_configured' | 'in_progress' | 'active' | 'attention' | 'unknown';

export interface Feature {
  readonly state: State;
  readonly reason?: 'not_read_yet' | 'not_told_yet';
}

export interface Provided {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly state: string;
  readonly provider: Provider;
}

export interface Provider {
  readonly name: string;
  /** URLs. Null when none is known. */
  readonly icon: { readonly light: string; readonly dark: string } | null;
}

export interface Connection extends Provided {
  readonly certificate_expires_at?: string;
  readonly first_sign_in_at?: string;
}

export interface SetupFeatures {
  readonly sso: Feature & { readonly connections: readonly Connection[] };
  readonly directory_sync: Feature & { readonly directories: readonly Provided[] };
  readonly domain_verification: Feature & {
    readonly domains: readonly { readonly domain: string; readonly state: string }[];
  };
  readonly audit_logs: Feature;
  readonly log_streams: Feature;
  readonly certificate_renewal: Feature;
  readonly bring_your_own_key: Feature;
}

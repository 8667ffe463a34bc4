/** Connections to identity providers, in the shapes of WorkOS's API. */

export interface Connection {
  object: 'connection';
  id: string;
  organization_id: string;
  connection_type: string;
  name: string;
  state: 'requires_type' | 'draft' | 'active' | 'validating' | 'inactive' | 'deleting';
  status: 'linked' | 'unlinked';
  domains: { id: string; object: 'connection_domain'; domain: string }[];
  created_at: string;
  updated_at: string;
}

/** Certificate of an identity provider. The API shows it in events only. */
export interface SamlCertificate {
  connection_id: string;
  organization_id: string;
  certificate_type: 'ResponseSigning' | 'RequestSigning' | 'ResponseEncryption';
  expiry_date: string;
}

export interface ConnectionState {
  readonly connections: Map<string, Connection>;
  /** Keyed by connection id. */
  readonly samlCertificates: Map<string, SamlCertificate>;
}

/** Reads Gatehouse's replies into what the demo product shows. */

/** A user who was signed in by the tenant's identity provider. */
export interface SsoProfile {
  readonly id: string;
  readonly name: string | undefined;
  readonly email: string;
  readonly tenantId: string;
  readonly connectionId: string;
  readonly connectionType: string;
}

export type SetupState = 'not_configured' | 'in_progress' | 'active' | 'attention' | 'unknown';

export interface SetupFeature {
  readonly state: SetupState;
  /** Connections, directories or domains, each with its state at WorkOS. */
  readonly items: readonly { readonly name: string; readonly state: string }[];
}

/** Setup status of a tenant. */
export interface Setup {
  readonly sso: SetupFeature;
  readonly directorySync: SetupFeature;
  readonly domains: SetupFeature;
  readonly certificate: SetupFeature;
}

interface WireFeature {
  readonly state: SetupState;
  readonly connections?: readonly { name: string; type: string; state: string }[];
  readonly directories?: readonly { name: string; type: string; state: string }[];
  readonly domains?: readonly { domain: string; state: string }[];
}

/** Reads the reply of `GET /v1/tenants/{tenant_id}/setup`. */
export function setupOf({ features }: Record<string, unknown>): Setup {
  const byName = features as Readonly<Record<string, WireFeature>>;
  const of = (name: string): SetupFeature => {
    const {
      state = 'unknown',
      connections = [],
      directories = [],
      domains = [],
    } = byName[name] ?? {};
    const providers = [...connections, ...directories].map((one) => ({
      name: `${one.name} (${one.type})`,
      state: one.state,
    }));
    return {
      state,
      items: [...providers, ...domains.map((one) => ({ ...one, name: one.domain }))],
    };
  };
  return {
    sso: of('sso'),
    directorySync: of('directory_sync'),
    domains: of('domain_verification'),
    certificate: of('certificate_renewal'),
  };
}

/** Reads a profile in WorkOS's shape, whose `organization_id` is the tenant id. */
export function profileOf({ profile }: Record<string, unknown>): SsoProfile {
  const fields = profile as Record<string, string>;
  return {
    id: fields.id ?? '',
    name: fields.name ?? undefined,
    email: fields.email ?? '',
    tenantId: fields.organization_id ?? '',
    connectionId: fields.connection_id ?? '',
    connectionType: fields.connection_type ?? '',
  };
}

/**
 * WorkOS's objects, reduced to the fields that the mirror stores. Lists and events have the same form.
 *
 * @see https://workos.com/docs/reference
 */
import { z } from 'zod';
import { Time } from '../../core/time.ts';
import { StoredText as Text } from '../../workos/parse-reply.ts';
import type { MirrorEntry } from './rows.ts';

/** Postgres cannot index longer ids. */
const Id = z.string().min(1).max(255);

export const Connection = z.object({
  id: Id,
  connection_type: Text,
  name: Text,
  state: Text,
  updated_at: Time,
});

/** Lists say `linked` and `unlinked` where events say `active` and `inactive`. */
const directoryState = (state: string): string =>
  ({ linked: 'active', unlinked: 'inactive' })[state] ?? state;

export const Directory = z.object({
  id: Id,
  type: Text,
  name: Text,
  state: Text.transform(directoryState),
  updated_at: Time,
});

export const Domain = z.object({
  id: Id,
  domain: Text,
  state: Text.default('pending'),
  verification_strategy: Text.nullish(),
  created_at: Time.nullish(),
  updated_at: Time,
});

export const Organization = z.object({
  id: Id,
  name: Text,
  domains: z.array(Domain),
  metadata: z.record(Text, Text).nullish(),
  stripe_customer_id: Text.nullish(),
  allow_profiles_outside_organization: z.boolean().nullish(),
  created_at: Time.nullish(),
  updated_at: Time,
});

export const AuditLogConfiguration = z.object({
  state: Text,
  log_stream: z.object({ type: Text, state: Text, created_at: Time }).nullish(),
});

/** Data of `connection.saml_certificate_*`. */
export const CertificateData = z.object({
  connection: z.object({ id: Id }),
  certificate: z.object({ certificate_type: Text.pipe(Id), expiry_date: Time }),
  renewed_at: Time.optional(),
});

/** Data of `organization_domain.verification_failed`. */
export const DomainFailureData = z.object({ organization_domain: Domain });

/** Data of `vault.byok_key.*`; `verified` is absent if the key was deleted. */
export const EncryptionKeyData = z.object({
  organization_id: Id,
  verified: z.boolean().optional(),
});

/** Data of `*.deleted`. */
export const DeletedData = z.object({ id: Id });

/** Data of `authentication.sso_succeeded`. */
export const SignInData = z.object({
  sso: z.object({ connection_id: Id }),
});

export const connectionEntry = (
  { id, connection_type, name, state, updated_at }: z.output<typeof Connection>,
  organizationId: string,
): MirrorEntry => ({
  kind: 'connection',
  id,
  organizationId,
  data: { type: connection_type, name, state },
  updatedAt: updated_at,
});

export const directoryEntry = (
  { id, type, name, state, updated_at }: z.output<typeof Directory>,
  organizationId: string,
): MirrorEntry => ({
  kind: 'directory',
  id,
  organizationId,
  data: { type, name, state },
  updatedAt: updated_at,
});

export const domainEntry = (
  { id, domain, state, updated_at }: z.output<typeof Domain>,
  organizationId: string,
): MirrorEntry => ({
  kind: 'domain',
  id,
  organizationId,
  data: { domain, state },
  updatedAt: updated_at,
});

export function organizationEntries({
  id,
  domains,
  ...fields
}: z.output<typeof Organization>): MirrorEntry[] {
  const { updated_at: updatedAt } = fields;
  // The records that prove a domain are not stored.
  const listed = domains.map(({ verification_strategy: strategy, ...one }) => ({
    ...one,
    strategy,
  }));
  const data = { ...fields, domains: listed };
  return [
    { kind: 'organization', id, organizationId: id, data, updatedAt },
    ...domains.map((domain) => domainEntry(domain, id)),
  ];
}

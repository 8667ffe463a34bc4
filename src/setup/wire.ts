/**
 * WorkOS's objects, down to the fields that the mirror keeps: the same in its lists and its events.
 *
 * @see https://workos.com/docs/reference
 */
import { z } from 'zod';
import { Time } from '../core/time.ts';
import type { Fact } from './mirror-rows.ts';

/** Longer ones no index of Postgres holds. */
const Id = z.string().min(1).max(255);
/** Postgres cannot hold NUL or half a character. */
const Text = z.string().transform((text) => text.toWellFormed().replaceAll('\0', '\uFFFD'));

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
  updated_at: Time,
});

export const Organization = z.object({
  id: Id,
  name: Text,
  domains: z.array(Domain),
  updated_at: Time,
});

export const AuditLogConfiguration = z.object({
  state: Text,
  log_stream: z.object({ type: Text, state: Text, created_at: Time }).nullish(),
});

/** Of `connection.saml_certificate_*`. */
export const CertificateNews = z.object({
  connection: z.object({ id: Id }),
  certificate: z.object({ certificate_type: Text, expiry_date: Time }),
  renewed_at: Time.optional(),
});

/** Of `organization_domain.verification_failed`. */
export const DomainFailure = z.object({ organization_domain: Domain });

/** Of `vault.byok_key.*`; `verified` is absent where the key was deleted. */
export const EncryptionKeyNews = z.object({
  organization_id: Id,
  verified: z.boolean().optional(),
});

/** Of `*.deleted`. */
export const Gone = z.object({ id: Id });

/** Of `authentication.sso_succeeded`. */
export const SignIn = z.object({
  sso: z.object({ connection_id: Id }),
});

export const connectionFact = (
  { id, connection_type, name, state, updated_at }: z.output<typeof Connection>,
  organizationId: string,
): Fact => ({
  kind: 'connection',
  id,
  organizationId,
  data: { type: connection_type, name, state },
  updatedAt: updated_at,
});

export const directoryFact = (
  { id, type, name, state, updated_at }: z.output<typeof Directory>,
  organizationId: string,
): Fact => ({
  kind: 'directory',
  id,
  organizationId,
  data: { type, name, state },
  updatedAt: updated_at,
});

export const domainFact = (
  { id, domain, state, updated_at }: z.output<typeof Domain>,
  organizationId: string,
): Fact => ({
  kind: 'domain',
  id,
  organizationId,
  data: { domain, state },
  updatedAt: updated_at,
});

export const organizationFacts = ({
  id,
  name,
  domains,
  updated_at: updatedAt,
}: z.output<typeof Organization>): Fact[] => [
  { kind: 'organization', id, organizationId: id, data: { name }, updatedAt },
  ...domains.map((domain) => domainFact(domain, id)),
];

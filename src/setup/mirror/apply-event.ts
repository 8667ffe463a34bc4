/** Updates the mirror from WorkOS's events. */
import type { z } from 'zod';
import type { Queryable } from '../../core/ports.ts';
import type { AppliedEvent, EventHandler } from '../../events/inbox/event.ts';
import type { MirrorEntry, Kind } from './rows.ts';
import { markDeleted, noteSignIn, put } from './store.ts';
import {
  CertificateData,
  Connection,
  connectionEntry,
  Directory,
  directoryEntry,
  Domain,
  domainEntry,
  DomainFailureData,
  EncryptionKeyData,
  DeletedData,
  Organization,
  organizationEntries,
  SignInData,
} from './wire.ts';

/** An event whose data does not have the documented form. */
export interface OddEvent {
  readonly id: string;
  readonly event: string;
  /** Field names and their errors, without values. */
  readonly reason: string;
}

/**
 * Updates the mirror from an event. Events without a known organization are ignored: no tenant could
 * see the result.
 *
 * @param onOdd called with an event whose data cannot be parsed; clients still receive the event
 */
export const createMirrorHandler =
  (onOdd: (odd: OddEvent) => void): EventHandler =>
  async (tx, event) => {
    const reason = await READERS.get(event.event)?.(tx, event);
    if (reason !== undefined) onOdd({ id: event.id, event: event.event, reason });
  };

/** @returns why the event's data cannot be parsed, or undefined */
type Reader = (tx: Queryable, event: AppliedEvent) => Promise<string | undefined>;

/** Entries, or why the data cannot be parsed. */
type Reading = readonly MirrorEntry[] | string;

/** Reads an event whose organization is known. */
type EntriesOf = (event: AppliedEvent, organizationId: string) => Reading;

const keeping =
  (entriesOf: EntriesOf): Reader =>
  async (tx, event) => {
    if (event.organizationId === null) return undefined;
    const entries = entriesOf(event, event.organizationId);
    if (typeof entries === 'string') return entries;
    await put(tx, entries);
    return undefined;
  };

const markingDeleted =
  (kind: Kind): Reader =>
  async (tx, { data, organizationId, createdAt }) => {
    const gone = DeletedData.safeParse(data);
    if (!gone.success) return describeIssues(gone.error);
    await markDeleted(tx, { kind, id: gone.data.id, organizationId }, createdAt);
    return undefined;
  };

const connection: EntriesOf = ({ data }, of) =>
  parseEntries(Connection, data, (one) => [connectionEntry(one, of)]);

const directory: EntriesOf = ({ data }, of) =>
  parseEntries(Directory, data, (one) => [directoryEntry(one, of)]);

/** @param state overrides the object's state, which may be missing or outdated */
const domain =
  (state?: string): EntriesOf =>
  ({ data }, of) =>
    parseEntries(Domain, { ...data, ...(state && { state }) }, (one) => [domainEntry(one, of)]);

const domainFailure: EntriesOf = ({ data }, of) =>
  parseEntries(DomainFailureData, data, ({ organization_domain: one }) => [
    domainEntry({ ...one, state: 'failed' }, of),
  ]);

const organization: EntriesOf = ({ data }) => parseEntries(Organization, data, organizationEntries);

const certificate: EntriesOf = ({ data, createdAt }, organizationId) =>
  parseEntries(
    CertificateData,
    data,
    ({ connection: { id }, certificate: one, renewed_at: renewedAt }) => [
      {
        kind: 'certificate',
        id: `${id}:${one.certificate_type}`,
        organizationId,
        data: {
          connection_id: id,
          type: one.certificate_type,
          expires_at: one.expiry_date,
          renewed_at: renewedAt ?? null,
        },
        updatedAt: createdAt.toISOString(),
      },
    ],
  );

const encryptionKey: EntriesOf = ({ data, createdAt }, id) =>
  parseEntries(EncryptionKeyData, data, ({ verified = null }) => [
    {
      kind: 'encryption_key',
      id,
      organizationId: id,
      data: { verified },
      updatedAt: createdAt.toISOString(),
    },
  ]);

const signIn: Reader = async (tx, { data, organizationId, createdAt }) => {
  const news = SignInData.safeParse(data);
  if (!news.success) return describeIssues(news.error);
  if (organizationId !== null)
    await noteSignIn(tx, news.data.sso.connection_id, organizationId, createdAt);
  return undefined;
};

const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    'organization.created': keeping(organization),
    'organization.updated': keeping(organization),
    'organization.deleted': markingDeleted('organization'),
    'organization_domain.created': keeping(domain()),
    'organization_domain.updated': keeping(domain()),
    'organization_domain.verified': keeping(domain('verified')),
    'organization_domain.verification_failed': keeping(domainFailure),
    'organization_domain.deleted': markingDeleted('domain'),
    'connection.activated': keeping(connection),
    'connection.deactivated': keeping(connection),
    'connection.deleted': markingDeleted('connection'),
    'connection.saml_certificate_renewal_required': keeping(certificate),
    'connection.saml_certificate_renewed': keeping(certificate),
    'dsync.activated': keeping(directory),
    'dsync.deactivated': keeping(directory),
    'dsync.deleted': markingDeleted('directory'),
    'authentication.sso_succeeded': signIn,
    'vault.byok_key.verification_completed': keeping(encryptionKey),
    'vault.byok_key.deleted': keeping(encryptionKey),
  }),
);

function parseEntries<S extends z.ZodType>(
  schema: S,
  data: unknown,
  entriesOf: (value: z.output<S>) => readonly MirrorEntry[],
): Reading {
  const parsed = schema.safeParse(data);
  return parsed.success ? entriesOf(parsed.data) : describeIssues(parsed.error);
}

const describeIssues = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `data.${path.join('.')}: ${message}`).join('; ');

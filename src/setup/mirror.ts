/** Keeps the mirror by what WorkOS's events tell. */
import type { z } from 'zod';
import type { Queryable } from '../core/ports.ts';
import type { AppliedEvent, EventHandler } from '../events/inbox/event.ts';
import type { Fact, Kind } from './mirror-rows.ts';
import { bury, noteSignIn, put } from './store.ts';
import {
  CertificateNews,
  Connection,
  connectionFact,
  Directory,
  directoryFact,
  Domain,
  domainFact,
  DomainFailure,
  EncryptionKeyNews,
  Gone,
  Organization,
  organizationFacts,
  SignIn,
} from './wire.ts';

/** An event whose data is not as WorkOS describes it. */
export interface OddEvent {
  readonly id: string;
  readonly event: string;
  /** Names of fields and what is wrong with them, without their values. */
  readonly reason: string;
}

/**
 * Keeps in the mirror what an event tells. An event whose organization is not known tells nothing: it
 * could not be shown to any tenant.
 *
 * @param onOdd an event whose data cannot be read; its clients get it all the same
 */
export const createMirrorEffect =
  (onOdd: (odd: OddEvent) => void): EventHandler =>
  async (tx, event) => {
    const reason = await READERS.get(event.event)?.(tx, event);
    if (reason !== undefined) onOdd({ id: event.id, event: event.event, reason });
  };

/** @returns why the event's data cannot be read, if it cannot */
type Reader = (tx: Queryable, event: AppliedEvent) => Promise<string | undefined>;

/** Facts, or why there are none. */
type Reading = readonly Fact[] | string;

/** Of an event whose organization is known. */
type FactsOf = (event: AppliedEvent, organizationId: string) => Reading;

const keeping =
  (factsOf: FactsOf): Reader =>
  async (tx, event) => {
    if (event.organizationId === null) return undefined;
    const facts = factsOf(event, event.organizationId);
    if (typeof facts === 'string') return facts;
    await put(tx, facts);
    return undefined;
  };

const burying =
  (kind: Kind): Reader =>
  async (tx, { data, organizationId, createdAt }) => {
    const gone = Gone.safeParse(data);
    if (!gone.success) return inWords(gone.error);
    await bury(tx, { kind, id: gone.data.id, organizationId }, createdAt);
    return undefined;
  };

const connection: FactsOf = ({ data }, of) =>
  given(Connection, data, (one) => [connectionFact(one, of)]);

const directory: FactsOf = ({ data }, of) =>
  given(Directory, data, (one) => [directoryFact(one, of)]);

/** @param state where the event's name says it better than the object, which may lack it */
const domain =
  (state?: string): FactsOf =>
  ({ data }, of) =>
    given(Domain, { ...data, ...(state && { state }) }, (one) => [domainFact(one, of)]);

const domainFailure: FactsOf = ({ data }, of) =>
  given(DomainFailure, data, ({ organization_domain: one }) => [
    domainFact({ ...one, state: 'failed' }, of),
  ]);

const organization: FactsOf = ({ data }) => given(Organization, data, organizationFacts);

const certificate: FactsOf = ({ data, createdAt }, organizationId) =>
  given(
    CertificateNews,
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

const encryptionKey: FactsOf = ({ data, createdAt }, id) =>
  given(EncryptionKeyNews, data, ({ verified = null }) => [
    {
      kind: 'encryption_key',
      id,
      organizationId: id,
      data: { verified },
      updatedAt: createdAt.toISOString(),
    },
  ]);

const signIn: Reader = async (tx, { data, organizationId, createdAt }) => {
  const news = SignIn.safeParse(data);
  if (!news.success) return inWords(news.error);
  if (organizationId !== null)
    await noteSignIn(tx, news.data.sso.connection_id, organizationId, createdAt);
  return undefined;
};

const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({
    'organization.created': keeping(organization),
    'organization.updated': keeping(organization),
    'organization.deleted': burying('organization'),
    'organization_domain.created': keeping(domain()),
    'organization_domain.updated': keeping(domain()),
    'organization_domain.verified': keeping(domain('verified')),
    'organization_domain.verification_failed': keeping(domainFailure),
    'organization_domain.deleted': burying('domain'),
    'connection.activated': keeping(connection),
    'connection.deactivated': keeping(connection),
    'connection.deleted': burying('connection'),
    'connection.saml_certificate_renewal_required': keeping(certificate),
    'connection.saml_certificate_renewed': keeping(certificate),
    'dsync.activated': keeping(directory),
    'dsync.deactivated': keeping(directory),
    'dsync.deleted': burying('directory'),
    'authentication.sso_succeeded': signIn,
    'vault.byok_key.verification_completed': keeping(encryptionKey),
    'vault.byok_key.deleted': keeping(encryptionKey),
  }),
);

function given<S extends z.ZodType>(
  schema: S,
  data: unknown,
  factsOf: (value: z.output<S>) => readonly Fact[],
): Reading {
  const parsed = schema.safeParse(data);
  return parsed.success ? factsOf(parsed.data) : inWords(parsed.error);
}

const inWords = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `data.${path.join('.')}: ${message}`).join('; ');

/** Keeps the mirror by what WorkOS's events tell. */
import type { z } from 'zod';
import type { AppliedEvent, Effect } from '../events/event.ts';
import type { Fact, Kind } from './fact.ts';
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
  Organization,
  organizationFacts,
  SignIn,
} from './wire.ts';

/**
 * What of an event the mirror keeps. An event that is not as WorkOS describes it tells nothing, and
 * so does one whose organization is not known: it could not be shown to any tenant.
 */
export const mirrorEffect: Effect = async (tx, event) => {
  await READERS.get(event.event)?.(tx, event);
};

/** Of an event whose organization is known. */
type FactsOf = (event: AppliedEvent, organizationId: string) => readonly Fact[];

const keeping =
  (factsOf: FactsOf): Effect =>
  async (tx, event) => {
    if (event.organizationId !== null) await put(tx, factsOf(event, event.organizationId));
  };

const burying =
  (kind: Kind): Effect =>
  async (tx, { data: { id }, organizationId, createdAt }) => {
    if (typeof id === 'string') await bury(tx, { kind, id, organizationId }, createdAt);
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

const signIn: Effect = async (tx, { data, organizationId, createdAt }) => {
  const news = SignIn.safeParse(data);
  if (news.success && organizationId !== null)
    await noteSignIn(tx, news.data.sso.connection_id, organizationId, createdAt);
};

const READERS: ReadonlyMap<string, Effect> = new Map(
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
): readonly Fact[] {
  const parsed = schema.safeParse(data);
  return parsed.success ? factsOf(parsed.data) : [];
}

/** Keeps the mirror by what WorkOS's events tell. */
import type { z } from 'zod';
import type { AppliedEvent, Effect } from '../events/event.ts';
import type { Fact, Grave, Kind } from './fact.ts';
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
  await READERS[event.event]?.(tx, event);
};

type Facts = (event: AppliedEvent) => readonly Fact[];

const keeping =
  (factsOf: Facts): Effect =>
  (tx, event) =>
    put(tx, factsOf(event));

const burying =
  (kind: Kind): Effect =>
  async (tx, event) => {
    const grave = graveOf(kind, event);
    if (grave) await bury(tx, grave, event.createdAt);
  };

const connection: Facts = ({ data, organizationId }) =>
  given(Connection, data, (one) =>
    ofOrganization(one.organization_id ?? organizationId, (id) => connectionFact(one, id)),
  );

const directory: Facts = ({ data, organizationId }) =>
  given(Directory, data, (one) =>
    ofOrganization(one.organization_id ?? organizationId, (id) => directoryFact(one, id)),
  );

/** @param state where the event's name says it better than the object, which may lack it */
const domain =
  (state?: string): Facts =>
  ({ data }) =>
    given(Domain, { ...data, ...(state && { state }) }, (one) => [domainFact(one)]);

const domainFailure: Facts = ({ data }) =>
  given(DomainFailure, data, ({ organization_domain: one }) => [
    domainFact({ ...one, state: 'failed' }),
  ]);

const organization: Facts = ({ data }) => given(Organization, data, organizationFacts);

const certificate: Facts = ({ data, organizationId, createdAt }) =>
  given(CertificateNews, data, ({ connection: of, certificate: one, renewed_at: renewedAt }) =>
    ofOrganization(of.organization_id ?? organizationId, (id) => ({
      kind: 'certificate',
      id: `${of.id}:${one.certificate_type}`,
      organizationId: id,
      data: {
        connection_id: of.id,
        type: one.certificate_type,
        expires_at: one.expiry_date,
        renewed_at: renewedAt ?? null,
      },
      updatedAt: createdAt.toISOString(),
    })),
  );

const encryptionKey: Facts = ({ data, createdAt }) =>
  given(EncryptionKeyNews, data, ({ organization_id: id, verified }) => [
    {
      kind: 'encryption_key',
      id,
      organizationId: id,
      data: { verified: verified ?? null },
      updatedAt: createdAt.toISOString(),
    },
  ]);

const signIn: Effect = async (tx, { data, organizationId, createdAt }) => {
  const { sso } = SignIn.safeParse(data).data ?? {};
  const of = sso?.organization_id ?? organizationId;
  if (sso && of) await noteSignIn(tx, sso.connection_id, of, createdAt);
};

const READERS: Readonly<Record<string, Effect>> = {
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
};

function given<S extends z.ZodType>(
  schema: S,
  data: unknown,
  factsOf: (value: z.output<S>) => readonly Fact[],
): readonly Fact[] {
  const parsed = schema.safeParse(data);
  return parsed.success ? factsOf(parsed.data) : [];
}

const ofOrganization = (id: string | null, factOf: (id: string) => Fact): Fact[] =>
  id === null ? [] : [factOf(id)];

const graveOf = (kind: Kind, { data, organizationId }: AppliedEvent): Grave | undefined =>
  typeof data.id === 'string' ? { kind, id: data.id, organizationId } : undefined;

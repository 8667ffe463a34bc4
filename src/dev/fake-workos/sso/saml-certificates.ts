/** SAML certificates of connections. WorkOS emits an event when one is about to expire or is renewed. */
import { emit } from '../events/events.ts';
import { requireFound } from '../http/operation.ts';
import type { Connection, SamlCertificate } from '../state/connections.ts';
import type { World } from '../state/world.ts';

const DAY_MS = 86_400_000;
const LIFETIME_MS = 3 * 365 * DAY_MS;

/** Adds the certificate of a new connection. Does nothing unless the connection is SAML. */
export function addCertificate(world: World, { id, ...connection }: Connection): void {
  if (!connection.connection_type.endsWith('SAML')) return;
  world.state.samlCertificates.set(id, {
    connection_id: id,
    organization_id: connection.organization_id,
    certificate_type: 'ResponseSigning',
    expiry_date: defaultExpiry(world),
  });
}

/** Moves the expiry and emits the renewal event. @param at default: in 20 days */
export function setCertificateExpiry(
  world: World,
  connectionId: string,
  at = new Date(world.now().getTime() + 20 * DAY_MS),
): SamlCertificate {
  const certificate = certificateOf(world, connectionId);
  certificate.expiry_date = at.toISOString();
  const left = at.getTime() - world.now().getTime();
  emit(world, 'connection.saml_certificate_renewal_required', {
    ...certificateData(certificate, { is_expired: left <= 0 }),
    days_until_expiry: Math.floor(left / DAY_MS),
  });
  return certificate;
}

/** @param until default: in three years */
export function renewCertificate(
  world: World,
  connectionId: string,
  until?: Date,
): SamlCertificate {
  const certificate = certificateOf(world, connectionId);
  certificate.expiry_date = until?.toISOString() ?? defaultExpiry(world);
  emit(world, 'connection.saml_certificate_renewed', {
    ...certificateData(certificate),
    renewed_at: world.now().toISOString(),
  });
  return certificate;
}

export function certificatesOf({ state }: World, organizationId: string): SamlCertificate[] {
  return [...state.samlCertificates.values()].filter(
    ({ organization_id }) => organization_id === organizationId,
  );
}

function certificateOf({ state }: World, connectionId: string): SamlCertificate {
  return requireFound(state.samlCertificates.get(connectionId), 'Certificate', connectionId);
}

const certificateData = (
  { connection_id, organization_id, certificate_type, expiry_date }: SamlCertificate,
  more: object = {},
) => ({
  connection: { id: connection_id, organization_id },
  certificate: { certificate_type, expiry_date, ...more },
});

const defaultExpiry = (world: World): string =>
  new Date(world.now().getTime() + LIFETIME_MS).toISOString();

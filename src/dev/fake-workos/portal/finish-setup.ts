/** Applies the effect of "Finish setup", which depends on the link's intent. */
import { certificatesOf, renewCertificate } from '../sso/saml-certificates.ts';
import { addConnection } from '../sso/connections.ts';
import { addDirectory } from '../directories/directories.ts';
import { seedDirectory } from '../directories/members.ts';
import {
  DomainName,
  emitDomains,
  markVerified,
  newDomain,
  requireUnclaimed,
} from '../organizations/domains.ts';
import { emit } from '../events/events.ts';
import { addLogStream } from '../audit-logs/log-streams.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { Intent, PortalSession } from '../state/portal.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

export interface SetupInput {
  readonly session: PortalSession;
  /** Domain from the form; only used by domain verification. */
  readonly domain: string;
}

const effects: Partial<Record<Intent, (world: World, input: SetupInput) => void>> = {
  sso: (world, { session }) => {
    const { provider_type } = session.intent_options.sso ?? {};
    addConnection(
      world,
      session.organization_id,
      provider_type === undefined ? {} : { connection_type: provider_type },
    );
  },
  dsync: (world, { session }) => {
    seedDirectory(world, addDirectory(world, session.organization_id));
  },
  log_streams: (world, { session }) => {
    addLogStream(world, session.organization_id);
  },
  domain_verification: verifyDomain,
  certificate_renewal: (world, { session }) => {
    for (const { connection_id } of certificatesOf(world, session.organization_id))
      renewCertificate(world, connection_id);
  },
  bring_your_own_key: (world, { session: { organization_id } }) => {
    emit(world, 'vault.byok_key.verification_completed', {
      organization_id,
      key_provider: 'AWS_KMS',
      verified: true,
    });
  },
};

/**
 * Idempotent: a session has its effect once.
 * @throws ApiError if the domain is malformed or verified by another organization
 */
export function finishSetup(world: World, input: SetupInput): void {
  const { session } = input;
  if (session.finished_at !== null) return;
  if (session.intent !== null) effects[session.intent]?.(world, input);
  session.finished_at = world.now().toISOString();
}

function verifyDomain(world: World, { session, domain }: SetupInput): void {
  const name = parse(DomainName, domain);
  const organization = organizationOf(world, session.organization_id);
  requireUnclaimed(world, organization.id, name);
  const present = organization.domains.find((one) => one.domain === name);
  if (present) markVerified(world, present);
  else {
    const added = newDomain(world, organization.id, { domain: name, state: 'verified' });
    organization.domains.push(added);
    emitDomains(world, [], [added]);
  }
}

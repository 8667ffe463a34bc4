/** A launch has succeeded once WorkOS sends the event that its feature is set up. */
import type { AppliedEvent, EventHandler } from '../../events/inbox/event.ts';
import type { Intent } from '../../core/intents.ts';
import { markConfigured } from '../stores/return-store.ts';

/** WorkOS has no such event for audit logs and log streams. */
const INTENT_OF: ReadonlyMap<string, Intent> = new Map([
  ['connection.activated', 'sso'],
  ['dsync.activated', 'dsync'],
  ['organization_domain.verified', 'domain_verification'],
  ['connection.saml_certificate_renewed', 'certificate_renewal'],
  ['vault.byok_key.verification_completed', 'bring_your_own_key'],
]);

/** Marks the launches of the event's tenant as `configured`. */
export const markLaunchesConfigured: EventHandler = async (tx, event) => {
  const { event: name, tenantId, createdAt: at } = event;
  const intent = INTENT_OF.get(name);
  if (intent !== undefined && tenantId !== null && isSuccess(event))
    await markConfigured(tx, { tenantId, intent, at });
};

/** The event about a key's verification is sent for failures too. */
const isSuccess = ({ data }: AppliedEvent): boolean => data.verified !== false;

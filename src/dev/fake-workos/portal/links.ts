/** `POST /portal/generate_link`: every call creates a new link; links cannot be revoked. */
import { z } from 'zod';
import { expiryIn, deleteExpired } from '../state/expiry.ts';
import type { ApiRequest, Operation, Reply } from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import { organizationOf } from '../organizations/organizations.ts';
import { INTENTS, type PortalSession } from '../state/portal.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

/** A link works for five minutes. @see https://workos.com/docs/admin-portal */
const LINK_LIFETIME_MS = 5 * 60_000;

const WebUrl = z.url({ protocol: /^https?$/ });
const Emails = z.array(z.email({ pattern: z.regexes.html5Email })).max(20);
const GenerateLink = z.object({
  organization: z.string().min(1),
  intent: z.enum(INTENTS).optional(),
  intent_options: z
    .object({
      sso: z
        .object({
          bookmark_slug: z.string().optional(),
          provider_type: z.literal('GoogleSAML').optional(),
        })
        .optional(),
      domain_verification: z.object({ domain_name: z.string().optional() }).optional(),
    })
    .optional(),
  return_url: WebUrl.optional(),
  success_url: WebUrl.optional(),
  it_contact_emails: Emails.optional(),
  // Deprecated name of it_contact_emails, which the SDK still sends.
  admin_emails: Emails.optional(),
});
type GenerateLink = z.infer<typeof GenerateLink>;

export const portalLinkOperations: readonly Operation[] = [
  { method: 'POST', path: '/portal/generate_link', perform: generateLink },
];

function generateLink(request: ApiRequest, world: World): Reply {
  const input = parse(GenerateLink, request.body);
  organizationOf(world, input.organization);
  const session = newSession(world, input);
  deleteExpired(world.state.portalSessions, world.now());
  world.state.portalSessions.set(session.token, session);
  return { status: 201, body: { link: `${world.url}/portal/setup?token=${session.token}` } };
}

function newSession(world: World, input: GenerateLink): PortalSession {
  const at = world.now();
  return {
    token: randomText(48),
    organization_id: input.organization,
    intent: input.intent ?? null,
    intent_options: input.intent_options ?? {},
    return_url: input.return_url ?? null,
    success_url: input.success_url ?? null,
    it_contact_emails: input.it_contact_emails ?? input.admin_emails ?? [],
    created_at: at.toISOString(),
    expires_at: expiryIn(LINK_LIFETIME_MS, at),
    finished_at: null,
  };
}

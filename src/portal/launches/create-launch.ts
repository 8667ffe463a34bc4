import { randomUUID } from 'node:crypto';
import { requireClient } from '../../auth/permission.ts';
import type { ActingUser, Client, Tenant } from '../../core/identity.ts';
import type { LaunchIntent } from '../../core/intents.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import { Secret } from '../../core/secret.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { organizationOf } from '../../tenants/model/status.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { mailOf, queue } from './launch-mail.ts';
import { launchReply } from './launch-reply.ts';
import { allowedUrls, type ReturnUrls } from '../link/return-url.ts';
import { makeTicket } from '../link/tokens.ts';

type CreateLaunch = InputOf<typeof portalContract, 'createPortalLaunch'>;

/** A longer lifetime needs a grant in the registry, which can be checked again when the ticket is used. */
const LONG_SECONDS = 900;

/**
 * POST /v1/portal-launches: creates a ticket, and queues the e-mail with its link. WorkOS is not asked.
 *
 * @throws Problem `invalid-request`, `registry-grant-required`, `too-many-requests`, those of `organizationOf`
 */
export async function createLaunch(deps: PortalDeps, input: CreateLaunch) {
  const { body, tenant, client, user, actor } = input;
  organizationOf(tenant);
  const urls = allowedUrls(body, client, deps.development);
  const mode = modeOf(body);
  const lifetimeSeconds = lifetimeOf(body);
  const isGranted = await requireLifetime(deps, input);
  const ticket = makeTicket();
  const page = body.intent === 'any' ? 'setup' : 'launch-portal';
  const url = `${deps.publicUrl}/${page}?ticket=${ticket.secret.reveal()}`;
  const fields = launchFields(body, urls, tenant, client, user);
  const mail = mailOf(deps, body, fields, new Secret(url));
  const launch = await deps.launches.insert(
    {
      ...fields,
      mode,
      ticketSha256: ticket.sha256,
      roleSource: isGranted ? 'registry' : user.source,
      needsSignedInUser: lifetimeSeconds > LONG_SECONDS && deps.knowsSignedInUser,
      lifetimeSeconds,
      attempt: null,
    },
    {
      actor,
      outcome: 'succeeded',
      tenantId: tenant.id,
      details: {
        ...{ launch: fields.id, intent: body.intent, mode, expires_in: lifetimeSeconds },
        ...(mail && { mail_to_domain: mail.address.split('@')[1] }),
      },
    },
    mail && ((tx) => queue(tx, mail)),
  );
  return { ...launchReply(launch), url };
}

/** Checks what a launch needs beyond the operation's `access`. @throws Problem as `createLaunch` */
export async function authorizeLaunch(deps: PortalDeps, input: CreateLaunch): Promise<void> {
  await requireLifetime(deps, input);
}

export const newLaunchId = (): string => `launch_${randomUUID().replaceAll('-', '')}`;

/** The columns that a launch has both with a ticket and without one. */
export const launchFields = (
  asked: {
    readonly intent: LaunchIntent;
    readonly it_contact_emails?: readonly string[] | undefined;
    readonly return_page?: boolean | undefined;
  },
  urls: ReturnUrls,
  tenant: Tenant,
  client: Client,
  user: ActingUser,
) => ({
  id: newLaunchId(),
  tenantId: tenant.id,
  clientId: client.id,
  clientGeneration: client.generation,
  userId: user.id,
  intent: asked.intent,
  returnUrl: urls.return_url ?? null,
  successUrl: urls.success_url ?? null,
  returnPage: asked.return_page ?? true,
  itContactEmails: asked.it_contact_emails ?? [],
  setupLaunchId: null,
});

const modeOf = ({ mode, send_to: to }: CreateLaunch['body']) =>
  mode ?? (to === undefined ? 'redirect' : 'confirm');

/** @returns seconds. @throws Problem `invalid-request` */
function lifetimeOf(body: CreateLaunch['body']): number {
  const mode = modeOf(body);
  const { expires_in: asked } = body;
  const [min, max, standard] = mode === 'redirect' ? [1, 60, 60] : [60, 604_800, LONG_SECONDS];
  if (asked !== undefined && (asked < min || asked > max)) {
    throw invalidField(
      'expires_in',
      'out_of_range',
      `must be ${min} to ${max} seconds with the mode ${mode}${mode === 'redirect' ? '; a link for later has the mode confirm' : ''}`,
    );
  }
  return asked ?? standard;
}

/**
 * A long-lived ticket needs more than a role in a token, which cannot be checked again later, and a
 * forwarded e-mail hands the ticket on. So it needs a grant in the registry, and either a signed-in
 * user at redemption or the scope `portal:invite`.
 *
 * @returns true if the registry grants the user the role
 * @throws Problem `registry-grant-required`, `insufficient-scope`
 */
async function requireLifetime(
  { registry, knowsSignedInUser }: PortalDeps,
  { body, tenant, client, user }: CreateLaunch,
): Promise<boolean> {
  const isGranted = (await registry.stateOf(tenant.id, user.id)) === 'granted';
  if (lifetimeOf(body) <= LONG_SECONDS) return isGranted;
  if (!knowsSignedInUser) requireClient(client, { scope: 'portal:invite' });
  if (!isGranted) throw grantRequired();
  return isGranted;
}

const grantRequired = () =>
  new Problem(
    'registry-grant-required',
    `A ticket for more than ${LONG_SECONDS} seconds needs a granted row for its user: PUT /v1/tenants/{tenant_id}/it-admins/{user_id}.`,
    {
      errors: [
        {
          field: 'expires_in',
          code: 'registry_grant_required',
          message: 'needs a granted row in the registry',
        },
      ],
    },
  );

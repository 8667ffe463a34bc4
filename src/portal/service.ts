import { randomUUID } from 'node:crypto';
import { auditRows, recordingFailure } from '../audit-trail/audited.ts';
import type { AuditRow, AuditWriter, Outcome } from '../audit-trail/writer.ts';
import { requireClient, type RegistryState } from '../auth/permission.ts';
import type { InputOf, ReplyOf } from '../http/endpoint.ts';
import { refuseTwoCursors } from '../http/pagination.ts';
import type { ActingUser, Actor, Client, Tenant } from '../core/identity.ts';
import { invalidField, Problem } from '../core/problem.ts';
import { organizationOf } from '../tenants/status.ts';
import type { portalContract } from './contract.ts';
import { changedMeanwhile, requireLinkPermission } from './launch-permission.ts';
import type { Links } from './links.ts';
import type { DirectLink, ReleaseStore } from './release-store.ts';
import { allowedUrl } from './return-url.ts';
import type { LaunchRow, LaunchStore } from './store.ts';
import { makeTicket } from './ticket.ts';

export interface PortalDeps {
  readonly launches: LaunchStore;
  readonly releases: ReleaseStore;
  readonly links: Links;
  readonly audit: AuditWriter;
  readonly registry: { stateOf(tenantId: string, userId: string): Promise<RegistryState> };
  readonly reportMissing: (
    tenantId: string,
    organizationId: string,
    actor: Actor,
  ) => Promise<Problem>;
  readonly itAdminRoles: readonly string[];
  readonly publicUrl: string;
  readonly development: boolean;
  /** Whether the door can ask who is signed in, by `USER_TOKEN_COOKIE`. */
  readonly knowsSignedInUser: boolean;
}

type In<Op extends keyof typeof portalContract> = InputOf<typeof portalContract, Op>;
type LaunchReply = ReplyOf<typeof portalContract, 'getPortalLaunch'>;

/** Without a registry grant a ticket must not outlive what its token vouched for by more than this. */
const LONG_SECONDS = 900;

export type PortalService = ReturnType<typeof createPortalService>;

export const createPortalService = (deps: PortalDeps) => ({
  /**
   * A link, minted at once. The audit trail knows of the attempt before WorkOS does, and of the
   * link before the caller does.
   *
   * @throws Problem `invalid-request`, those of `decide`, a status of the tenant, `upstream-*`
   */
  async generateLink({
    body,
    tenant,
    client,
    user,
    actor,
  }: In<'generatePortalLink'>): Promise<{ link: string }> {
    const organization = organizationOf(tenant);
    const urls = allowedUrls(body, client, deps.development);
    const row = auditRows({ actor, tenantId: tenant.id, details: { intent: body.intent } });
    await deps.audit.record(row('attempted'));
    let outcome: Outcome = 'failed';
    return recordingFailure(
      async () => {
        const link = await deps.links.mint({ ...body, ...urls, organization }, () =>
          deps.reportMissing(tenant.id, organization, actor),
        );
        const asked = directLink(client, tenant, user, deps.itAdminRoles);
        if (await deps.releases.link(asked, organization, row('succeeded')))
          return { link: link.reveal() };
        outcome = 'refused';
        requireLinkPermission(asked, await deps.releases.factsOf(asked), deps.itAdminRoles);
        throw changedMeanwhile();
      },
      () => deps.audit.record(row(outcome)),
    );
  },

  /** A ticket; nothing is asked of WorkOS. @throws Problem `registry-grant-required`, a status of the tenant */
  async create({ body, tenant, client, user, actor }: In<'createPortalLaunch'>) {
    organizationOf(tenant);
    const urls = allowedUrls(body, client, deps.development);
    const lifetimeSeconds = lifetimeOf(body);
    const granted = await requireLifetime(deps, { body, tenant, client, user });
    const long = lifetimeSeconds > LONG_SECONDS;
    const ticket = makeTicket();
    const launch = await deps.launches.insert(
      {
        ...launchOf(body, urls, tenant, client, user),
        mode: body.mode,
        ticketSha256: ticket.sha256,
        roleSource: granted ? 'registry' : user.source,
        needsSignedInUser: long && deps.knowsSignedInUser,
        lifetimeSeconds,
        attempt: null,
      },
      {
        actor,
        outcome: 'succeeded',
        tenantId: tenant.id,
        details: { intent: body.intent, mode: body.mode, expires_in: lifetimeSeconds },
      },
    );
    return {
      ...reply(launch),
      url: `${deps.publicUrl}/launch-portal?ticket=${ticket.secret.reveal()}`,
    };
  },

  /** What a launch needs beyond the operation's `access`. @throws Problem as `create` */
  async authorize(input: In<'createPortalLaunch'>): Promise<void> {
    await requireLifetime(deps, input);
  },

  async list({ query, client }: In<'listPortalLaunches'>) {
    refuseTwoCursors(query);
    const page = await deps.launches.list(client, query);
    return { object: 'list' as const, ...page, data: page.data.map(reply) };
  },

  /** @throws Problem `not-found` */
  async get(id: string, client: Client): Promise<LaunchReply> {
    return reply((await deps.launches.byId(client, id)) ?? refuseUnknown());
  },

  /** Safe to repeat. @throws Problem `not-found` */
  async revoke(id: string, client: Client, actor: Actor): Promise<LaunchReply> {
    const audit: AuditRow = { actor, outcome: 'succeeded', details: { launch: id } };
    return reply((await deps.launches.revoke(client, id, audit)) ?? refuseUnknown());
  },
});

const directLink = (
  client: Client,
  { id: tenantId }: Tenant,
  { id: userId, roles, source }: ActingUser,
  itAdminRoles: readonly string[],
): DirectLink => ({
  client,
  tenantId,
  userId,
  roleSource: roles.some((role) => itAdminRoles.includes(role)) ? source : 'registry',
});

function refuseUnknown(): never {
  throw new Problem('not-found', 'The client has no such launch.');
}

export interface ReturnUrls {
  readonly return_url?: string | undefined;
  readonly success_url?: string | undefined;
}

/** @throws Problem `invalid-request` */
export const allowedUrls = (
  { return_url: back, success_url: success }: ReturnUrls,
  client: Client,
  development: boolean,
): ReturnUrls => ({
  ...(back !== undefined && { return_url: allowedUrl('return_url', back, client, development) }),
  ...(success !== undefined && {
    success_url: allowedUrl('success_url', success, client, development),
  }),
});

/** What a launch takes over from what was asked, whichever door it was asked at. */
export const launchOf = (
  asked: {
    intent: string;
    it_contact_emails?: readonly string[] | undefined;
    return_page?: boolean;
  },
  urls: ReturnUrls,
  tenant: Tenant,
  client: Client,
  user: ActingUser,
) => ({
  id: `launch_${randomUUID().replaceAll('-', '')}`,
  tenantId: tenant.id,
  clientId: client.id,
  clientGeneration: client.generation,
  userId: user.id,
  intent: asked.intent,
  returnUrl: urls.return_url ?? null,
  successUrl: urls.success_url ?? null,
  returnPage: asked.return_page ?? true,
  itContactEmails: asked.it_contact_emails ?? [],
});

/** Seconds. @throws Problem `invalid-request` */
function lifetimeOf({ mode, expires_in: asked }: In<'createPortalLaunch'>['body']): number {
  const [min, max, standard] = mode === 'redirect' ? [1, 60, 60] : [60, 604_800, LONG_SECONDS];
  if (asked !== undefined && (asked < min || asked > max)) {
    throw invalidField(
      'expires_in',
      'out_of_range',
      `must be ${min} to ${max} seconds with the mode ${mode}`,
    );
  }
  return asked ?? standard;
}

/** A role that only a token vouched for cannot be read again later; and a forwarded e-mail hands over the ticket. */
/** @returns whether the registry grants the user the role. @throws Problem `registry-grant-required`, `insufficient-scope` */
async function requireLifetime(
  { registry, knowsSignedInUser }: PortalDeps,
  {
    body,
    tenant,
    client,
    user,
  }: Pick<In<'createPortalLaunch'>, 'body' | 'tenant' | 'client' | 'user'>,
): Promise<boolean> {
  const granted = (await registry.stateOf(tenant.id, user.id)) === 'granted';
  if (lifetimeOf(body) > LONG_SECONDS) requireForLong(client, granted, knowsSignedInUser);
  return granted;
}

function requireForLong(client: Client, granted: boolean, knowsSignedInUser: boolean): void {
  if (!knowsSignedInUser) requireClient(client, { scope: 'portal:invite' });
  if (granted) return;
  throw new Problem(
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
}

function statusOf(launch: LaunchRow): LaunchReply['status'] {
  if (launch.configuredAt) return 'configured';
  if (launch.returnedAt) return 'returned';
  if (launch.redirectedAt) return 'redirected';
  if (launch.revokedAt) return 'revoked';
  if (launch.expired) return 'expired';
  if (launch.failedAt) return 'failed';
  return launch.openedAt ? 'opened' : 'created';
}

const reply = (launch: LaunchRow): LaunchReply => ({
  object: 'portal_launch',
  id: launch.id,
  tenant_id: launch.tenantId,
  user_id: launch.userId,
  intent: launch.intent as LaunchReply['intent'],
  mode: launch.mode,
  status: statusOf(launch),
  expires_at: launch.expiresAt.toISOString(),
  created_at: launch.createdAt.toISOString(),
  opened_at: launch.openedAt?.toISOString() ?? null,
  redirected_at: launch.redirectedAt?.toISOString() ?? null,
  returned_at: launch.returnedAt?.toISOString() ?? null,
  configured_at: launch.configuredAt?.toISOString() ?? null,
});

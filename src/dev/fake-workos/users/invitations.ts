/** `/user_management/invitations`. No e-mail is sent. */
import { z } from 'zod';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { parse } from '../http/validation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import { hasRole } from '../roles/roles.ts';
import type { Invitation } from '../state/access.ts';
import { randomText } from '../state/ids.ts';
import { timestamps, type World } from '../state/world.ts';
import { isSameEmail } from './changes.ts';
import { addMembership } from './memberships.ts';
import { userOf } from './users.ts';

const PATH = '/user_management/invitations';
const INVALID = 'invalid_request_parameters';
const DAY_MS = 86_400_000;

export const invitationOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: list },
  { method: 'POST', path: PATH, perform: create },
  { method: 'GET', path: `${PATH}/by_token/{token}`, perform: getByToken },
  { method: 'GET', path: `${PATH}/{id}`, perform: get },
  { method: 'POST', path: `${PATH}/{id}/accept`, perform: accept },
  { method: 'POST', path: `${PATH}/{id}/resend`, perform: resend },
  { method: 'POST', path: `${PATH}/{id}/revoke`, perform: revoke },
];

const Locale = z.string().regex(/^[a-z]{2,3}(-[A-Z][A-Za-z]+)?$/);
const CreateInvitation = z.object({
  email: z.email(),
  organization_id: z.string().optional(),
  role_slug: z.string().optional(),
  expires_in_days: z.int().min(1).max(30).optional(),
  inviter_user_id: z.string().optional(),
  locale: Locale.optional(),
});

function list(request: ApiRequest, world: World): Reply {
  const { organization_id, email } = request.query;
  const matching = [...world.state.invitations.values()].filter(
    (one) =>
      (organization_id === undefined || one.organization_id === organization_id) &&
      (email === undefined || isSameEmail(one.email, email)),
  );
  return listReply(matching, request, (one) => current(one, world), INVALID);
}

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateInvitation, request.body, INVALID);
  const { email, organization_id, inviter_user_id, role_slug } = input;
  if (organization_id !== undefined) organizationOf(world, organization_id);
  if (inviter_user_id !== undefined) userOf(world, inviter_user_id);
  if (role_slug !== undefined && !hasRole(world, organization_id ?? '', role_slug))
    throw new ApiError(404, { message: `Role not found: '${role_slug}'.` });
  requireUninvited(world, email, organization_id ?? null);
  const token = randomText(32);
  const days = input.expires_in_days ?? 7;
  const invitation: Invitation = {
    object: 'invitation',
    id: world.newId('invitation'),
    email,
    state: 'pending',
    accepted_at: null,
    revoked_at: null,
    expires_at: new Date(world.now().getTime() + days * DAY_MS).toISOString(),
    organization_id: organization_id ?? null,
    inviter_user_id: inviter_user_id ?? null,
    accepted_user_id: null,
    role_slug: role_slug ?? null,
    ...timestamps(world),
    token,
    accept_invitation_url: `${world.url}/invitations/accept?invitation_token=${token}`,
  };
  addPending(world, invitation);
  return store(world, invitation, 201);
}

function requireUninvited(world: World, email: string, organizationId: string | null): void {
  const isOpen = [...world.state.invitations.values()].some(
    (one) =>
      one.organization_id === organizationId &&
      isSameEmail(one.email, email) &&
      current(one, world).state === 'pending',
  );
  if (isOpen)
    throw badRequest(
      organizationId === null ? 'email_already_invited' : 'email_already_invited_to_organization',
      'The e-mail address is already invited.',
    );
}

const invitedUser = ({ state }: World, invitation: Invitation) =>
  [...state.users.values()].find(({ email }) => isSameEmail(email, invitation.email));

const membershipIn = ({ state }: World, organizationId: string, userId: string) =>
  [...state.organizationMemberships.values()].find(
    (one) => one.user_id === userId && one.organization_id === organizationId,
  );

/** A person who already has an account becomes a pending member. */
function addPending(world: World, invitation: Invitation): void {
  const { organization_id, role_slug } = invitation;
  const user = invitedUser(world, invitation);
  if (organization_id === null || !user || membershipIn(world, organization_id, user.id)) return;
  const role = { slug: role_slug ?? 'member' };
  addMembership(world, organization_id, user.id, { role, status: 'pending' });
}

function dropPending(world: World, invitation: Invitation): void {
  const user = invitedUser(world, invitation);
  const known = user && membershipIn(world, invitation.organization_id ?? '', user.id);
  if (known?.status === 'pending') world.state.organizationMemberships.delete(known.id);
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: invitationOf(request, world) };
}

function getByToken({ params }: ApiRequest, world: World): Reply {
  const token = params.token ?? '';
  const found = [...world.state.invitations.values()].find((one) => one.token === token);
  return { status: 200, body: current(requireFound(found, 'Invitation', token), world) };
}

function accept(request: ApiRequest, world: World): Reply {
  const invitation = invitationOf(request, world);
  if (invitation.state !== 'pending')
    throw badRequest('invite_not_pending', 'The invitation is not pending.');
  const user = invitedUser(world, invitation);
  if (!user) throw badRequest('invalid_invite', 'There is no user with the e-mail address.');
  const { organization_id, role_slug } = invitation;
  if (organization_id !== null) {
    const known = membershipIn(world, organization_id, user.id);
    const { id, created_at } = known ?? {};
    if (known?.status !== 'active')
      addMembership(world, organization_id, user.id, {
        role: { slug: role_slug ?? 'member' },
        ...(id !== undefined && created_at !== undefined && { id, created_at }),
      });
  }
  const accepted_at = world.now().toISOString();
  return store(world, {
    ...invitation,
    state: 'accepted',
    accepted_at,
    accepted_user_id: user.id,
  });
}

function resend(request: ApiRequest, world: World): Reply {
  const invitation = invitationOf(request, world);
  parse(z.object({ locale: Locale.optional() }), request.body ?? {}, INVALID);
  if (invitation.state !== 'pending')
    throw badRequest(`invite_${invitation.state}`, 'The invitation is not pending.');
  return store(world, invitation);
}

function revoke(request: ApiRequest, world: World): Reply {
  const invitation = invitationOf(request, world);
  if (invitation.state !== 'pending')
    throw badRequest('invite_not_pending', 'The invitation is not pending.');
  dropPending(world, invitation);
  return store(world, {
    ...invitation,
    state: 'revoked',
    revoked_at: world.now().toISOString(),
  });
}

function invitationOf(request: ApiRequest, world: World): Invitation {
  const id = idOf(request);
  return current(requireFound(world.state.invitations.get(id), 'Invitation', id), world);
}

/** A pending invitation expires by itself. */
function current(invitation: Invitation, world: World): Invitation {
  const isExpired =
    invitation.state === 'pending' && invitation.expires_at <= world.now().toISOString();
  return isExpired ? { ...invitation, state: 'expired' } : invitation;
}

function store(world: World, invitation: Invitation, status: 200 | 201 = 200): Reply {
  const stored = { ...invitation, updated_at: world.now().toISOString() };
  world.state.invitations.set(stored.id, stored);
  return { status, body: stored };
}

const badRequest = (code: string, message: string): ApiError =>
  new ApiError(400, { code, message });

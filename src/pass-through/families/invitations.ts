import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { listOf } from '../../http/pagination.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import {
  filter,
  id,
  object,
  ObjectId,
  objectParams,
  page,
  stamps,
  text,
} from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/authkit/invitation */
const Invitation = object('Invitation', 'invitation', {
  id: id('invitation'),
  email: text('The e-mail address of the invited person.'),
  state: text('`pending`, `accepted`, `expired` or `revoked`.'),
  accepted_at: text('When it was accepted: ISO 8601.'),
  revoked_at: text('When it was revoked: ISO 8601.'),
  expires_at: text('When it expires: ISO 8601.'),
  organization_id: text('Your tenant id. Null for an invitation to the environment alone.'),
  inviter_user_id: text('The id of the user who invited, at WorkOS.'),
  accepted_user_id: text('The id of the user who accepted, at WorkOS.'),
  role_slug: text('The role of the future member.'),
  token: text('The secret by which the invitation is accepted.'),
  accept_invitation_url: text('The secret URL by which the invitation is accepted.'),
  ...stamps,
});

const locale = Line(35)
  .optional()
  .meta({ description: 'The language of the e-mail, e.g. `de`. Default: the environment’s.' });

const invitation = {
  class: 'users',
  rule: 'object',
  noun: 'invitation',
  environment: true,
} as const;
const ofTenant = { class: 'users', rule: 'named', noun: 'invitation' } as const;
const one = { status: 200, body: Invitation, secret: true } as const;
const problems = OBJECT_PROBLEMS;

export const invitationsContract = {
  listInvitations: {
    method: 'get',
    path: '/user_management/invitations',
    summary: 'List invitations',
    description:
      'Only clients that may use every tenant can omit the tenant; they also see invitations without one.',
    access: { scope: 'invitations:read', tenant: 'query.organization_id', orEveryTenant: true },
    query: z.strictObject({
      ...page,
      organization_id: TenantId.optional().meta({
        description: 'Only invitations to this tenant.',
      }),
      email: filter('Only invitations of this e-mail address.'),
    }),
    reply: { status: 200, body: listOf('InvitationList', Invitation), secret: true },
    problems: ['organization-id-required', ...problems],
    forward: { ...ofTenant, cursor: '/user_management/invitations/' },
  },
  sendInvitation: {
    method: 'post',
    path: '/user_management/invitations',
    summary: 'Invite a person',
    description:
      'WorkOS sends the e-mail. Only clients that may use every tenant can invite without a tenant.',
    access: { scope: 'invitations:write', tenant: 'body.organization_id', orEveryTenant: true },
    body: z
      .strictObject({
        email: Line(254).meta({ description: 'The e-mail address of the person.' }),
        organization_id: TenantId.optional().meta({ description: 'Your tenant id.' }),
        role_slug: Line(255).optional().meta({ description: 'The role of the future member.' }),
        expires_in_days: z
          .int()
          .min(1)
          .max(30)
          .optional()
          .meta({ description: 'How many days the invitation is valid: 1–30. Default: 7.' }),
        inviter_user_id: ObjectId.optional().meta({
          description: 'The id of the user who invites, at WorkOS. The e-mail names them.',
        }),
        locale,
      })
      .meta({ id: 'SendInvitation', description: 'A new invitation.' }),
    reply: { status: 201, body: Invitation, secret: true },
    problems: ['organization-id-required', 'user-is-shared', ...problems],
    forward: {
      ...ofTenant,
      names: [{ at: 'body.inviter_user_id', kind: 'user' }],
      bodyNouns: { role_slug: 'role', inviter_user_id: 'inviting user' },
      grants: true,
      audited: true,
    },
    example: { email: 'grace@acme.example', organization_id: 'acme' },
  },
  getInvitation: {
    method: 'get',
    path: '/user_management/invitations/{id}',
    summary: 'Get an invitation',
    access: { scope: 'invitations:read', tenantOf: 'object' },
    params: objectParams,
    reply: one,
    problems,
    forward: invitation,
  },
  getInvitationByToken: {
    method: 'get',
    path: '/user_management/invitations/by_token/{token}',
    summary: 'Get an invitation by its token',
    access: { scope: 'invitations:read', tenantOf: 'object' },
    params: z.object({
      token: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,255}$/, 'must be the token of an invitation')
        .meta({ description: 'The secret of the invitation, from the link in the e-mail.' }),
    }),
    reply: one,
    problems,
    forward: invitation,
  },
  acceptInvitation: {
    method: 'post',
    path: '/user_management/invitations/{id}/accept',
    summary: 'Accept an invitation for the invited user',
    description:
      'The user becomes a member of the tenant. A user with the e-mail address must exist, whom the client has created or whose memberships are all in tenants of the client. Others accept by the link in the e-mail.',
    access: { scope: 'invitations:write', tenantOf: 'object' },
    params: objectParams,
    reply: one,
    problems: ['user-is-shared', ...problems],
    forward: {
      ...invitation,
      names: [{ at: 'params.id', kind: 'invitee' }],
      grants: true,
      audited: true,
    },
  },
  resendInvitation: {
    method: 'post',
    path: '/user_management/invitations/{id}/resend',
    summary: 'Send an invitation’s e-mail again',
    access: { scope: 'invitations:write', tenantOf: 'object' },
    params: objectParams,
    body: z
      .strictObject({ locale })
      .meta({ id: 'ResendInvitation', description: 'Options of the e-mail.' }),
    optionalBody: true,
    reply: one,
    problems,
    forward: { ...invitation, grants: true, audited: true },
  },
  revokeInvitation: {
    method: 'post',
    path: '/user_management/invitations/{id}/revoke',
    summary: 'Revoke an invitation',
    access: { scope: 'invitations:write', tenantOf: 'object' },
    params: objectParams,
    reply: one,
    problems,
    forward: { ...invitation, audited: true },
  },
} as const satisfies ForwardedContract;

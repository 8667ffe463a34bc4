import { z } from 'zod';
import { Line } from '../../core/text.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, stamps, text } from '../forwarding/wire.ts';
import { ALONE, Email, mailed, OfUser, problems } from './emailed.ts';

const PasswordReset = object('PasswordReset', 'password_reset', {
  id: id('reset'),
  ...mailed,
  created_at: stamps.created_at,
  password_reset_token: text('The secret token by which the password is changed.'),
  password_reset_url: text('The secret URL by which the user changes the password.'),
});

export const passwordResetsContract = {
  createPasswordReset: {
    method: 'post',
    path: '/user_management/password_reset',
    summary: 'Create a token by which a user’s password is changed',
    description: `WorkOS also sends it by e-mail. ${ALONE}`,
    access: { scope: 'password_resets:write' },
    body: z
      .strictObject({ email: Email })
      .meta({ id: 'CreatePasswordReset', description: 'The user whose password is changed.' }),
    reply: { status: 201, body: PasswordReset, secret: true },
    problems,
    forward: {
      class: 'users',
      noun: 'user',
      rule: 'email',
      creates: 'password_reset',
      audited: true,
    },
    example: { email: 'ada@acme.example' },
  },
  getPasswordReset: {
    method: 'get',
    path: '/user_management/password_reset/{id}',
    // `/user_management/password_reset/send` of older SDKs.
    notOffered: ['post'],
    summary: 'Get a token by which a user’s password is changed',
    description: ALONE,
    access: { scope: 'password_resets:write' },
    params: objectParams,
    reply: { status: 200, body: PasswordReset, secret: true },
    problems,
    forward: { class: 'users', noun: 'password reset', rule: 'of-user' },
  },
  confirmPasswordReset: {
    method: 'post',
    path: '/user_management/password_reset/confirm',
    summary: 'Change a user’s password by a token',
    description:
      'Only by a token that this client has created, while all memberships of the user are in tenants of the client. Clients that may use every tenant may use any.',
    access: { scope: 'password_resets:write' },
    body: z
      .strictObject({
        token: Line(255).meta({ description: 'The secret token.' }),
        new_password: Line(1_000).meta({ description: 'The new password.' }),
      })
      .meta({ id: 'ConfirmPasswordReset', description: 'The token and the new password.' }),
    reply: { status: 200, body: OfUser },
    problems,
    forward: {
      class: 'users',
      noun: 'password reset token',
      rule: 'token',
      owned: 'password_reset',
      audited: true,
    },
  },
} as const satisfies ForwardedContract;

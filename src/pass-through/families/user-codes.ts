import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { CALLER_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, stamps, text } from '../forwarding/wire.ts';
import { User } from './users.ts';

const mailed = {
  user_id: text('The id of the user at WorkOS.'),
  email: text('The e-mail address.'),
  expires_at: text('When it expires: ISO 8601.'),
};
/** @see https://workos.com/docs/reference/authkit/magic-auth */
const magicAuth = {
  id: id('code'),
  ...mailed,
  ...stamps,
  code: text('The secret code by which the user signs in.'),
};
const MagicAuth = object('MagicAuth', 'magic_auth', magicAuth);
const NewMagicAuth = object('NewMagicAuth', 'magic_auth', {
  ...magicAuth,
  radar_auth_attempt_id: text('The id of the attempt, if WorkOS Radar has assessed the sign-in.'),
});
const EmailVerification = object('EmailVerification', 'email_verification', {
  id: id('code'),
  ...mailed,
  ...stamps,
  code: text('The secret code that proves that the user owns the address.'),
});
const PasswordReset = object('PasswordReset', 'password_reset', {
  id: id('reset'),
  ...mailed,
  created_at: stamps.created_at,
  password_reset_token: text('The secret token by which the password is changed.'),
  password_reset_url: text('The secret URL by which the user changes the password.'),
});
const OfUser = z
  .object({ user: User.meta({ description: 'The user.' }) })
  .meta({ id: 'UserReply', description: 'The user that the request was about.' });
const EmailChange = object('EmailChange', 'email_change', {
  user: User.meta({ description: 'The user, still with the old address.' }),
  new_email: text('The new e-mail address.'),
  expires_at: mailed.expires_at,
  created_at: stamps.created_at,
});
const EmailChanged = object('EmailChangeConfirmation', 'email_change_confirmation', {
  user: User.meta({ description: 'The user with the new address.' }),
});

const Email = Line(254).meta({ description: 'The e-mail address of the user.' });
const code = z
  .strictObject({ code: Line(64).meta({ description: 'The code from the e-mail.' }) })
  .meta({ id: 'EmailedCode', description: 'The code that the user has received.' });

const user = { class: 'users', noun: 'user', rule: 'member', audited: true } as const;
const problems = ['not-found', 'user-is-shared', ...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS] as const;
const ALONE =
  'All memberships of the user must be in tenants of the client, because the holder of the secret acts as the user.';
const verifications = { scope: 'email_verifications:write' } as const;

export const userCodesContract = {
  createMagicAuth: {
    method: 'post',
    path: '/user_management/magic_auth',
    summary: 'Create a code by which a user signs in',
    description: `WorkOS also sends the code by e-mail. ${ALONE}`,
    access: { scope: 'magic_auth:write' },
    body: z
      .strictObject({
        email: Email,
        invitation_token: Line(255)
          .optional()
          .meta({ description: 'The token of an invitation that the sign-in accepts.' }),
        ip_address: Line(64).optional().meta({ description: 'The IP address of the user.' }),
        user_agent: Line(1_000).optional().meta({ description: 'The browser of the user.' }),
        radar_auth_attempt_id: Line(255)
          .optional()
          .meta({ description: 'The id of the attempt that WorkOS Radar has assessed.' }),
        signals_id: Line(255).optional().meta({ description: 'The id of WorkOS Radar’s signals.' }),
      })
      .meta({ id: 'CreateMagicAuth', description: 'The user who signs in.' }),
    reply: { status: 201, body: NewMagicAuth, secret: true },
    problems,
    forward: {
      class: 'users',
      noun: 'user',
      rule: 'email',
      names: [{ at: 'body.invitation_token', kind: 'invitation' }],
      audited: true,
    },
    example: { email: 'ada@acme.example' },
  },
  getMagicAuth: {
    method: 'get',
    path: '/user_management/magic_auth/{id}',
    // `/user_management/magic_auth/send` of older SDKs.
    notOffered: ['post'],
    summary: 'Get a code by which a user signs in',
    description: ALONE,
    access: { scope: 'magic_auth:write' },
    params: objectParams,
    reply: { status: 200, body: MagicAuth, secret: true },
    problems,
    forward: { class: 'users', noun: 'magic auth code', rule: 'of-user' },
  },
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
      'Only by a token that this client has created. Clients that may use every tenant may use any.',
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
  getEmailVerification: {
    method: 'get',
    path: '/user_management/email_verification/{id}',
    summary: 'Get a code that verifies an e-mail address',
    description: ALONE,
    access: verifications,
    params: objectParams,
    reply: { status: 200, body: EmailVerification, secret: true },
    problems,
    forward: { class: 'users', noun: 'e-mail verification', rule: 'of-user' },
  },
  sendEmailVerification: {
    method: 'post',
    path: '/user_management/users/{id}/email_verification/send',
    summary: 'Send a user a code that verifies the e-mail address',
    access: verifications,
    params: objectParams,
    reply: { status: 200, body: OfUser },
    problems,
    forward: user,
  },
  confirmEmailVerification: {
    method: 'post',
    path: '/user_management/users/{id}/email_verification/confirm',
    summary: 'Verify a user’s e-mail address by a code',
    access: verifications,
    params: objectParams,
    body: code,
    reply: { status: 200, body: OfUser },
    problems,
    forward: user,
    example: { code: '123456' },
  },
  sendEmailChange: {
    method: 'post',
    path: '/user_management/users/{id}/email_change/send',
    summary: 'Send a code to a user’s new e-mail address',
    access: verifications,
    params: objectParams,
    body: z
      .strictObject({ new_email: Line(254).meta({ description: 'The new e-mail address.' }) })
      .meta({ id: 'SendEmailChange', description: 'The new e-mail address.' }),
    reply: { status: 200, body: EmailChange },
    problems,
    forward: user,
    example: { new_email: 'ada@new.example' },
  },
  confirmEmailChange: {
    method: 'post',
    path: '/user_management/users/{id}/email_change/confirm',
    summary: 'Change a user’s e-mail address by a code',
    access: verifications,
    params: objectParams,
    body: code,
    reply: { status: 200, body: EmailChanged },
    problems,
    forward: user,
    example: { code: '123456' },
  },
} as const satisfies ForwardedContract;

import { z } from 'zod';
import { Line } from '../../core/text.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, stamps, text } from '../forwarding/wire.ts';
import { ALONE, mailed, OfUser, problems } from './emailed.ts';
import { User } from './users.ts';

const EmailVerification = object('EmailVerification', 'email_verification', {
  id: id('code'),
  ...mailed,
  ...stamps,
  code: text('The secret code that proves that the user owns the address.'),
});
const EmailChange = object('EmailChange', 'email_change', {
  user: User.meta({ description: 'The user, still with the old address.' }),
  new_email: text('The new e-mail address.'),
  expires_at: mailed.expires_at,
  created_at: stamps.created_at,
});
const EmailChanged = object('EmailChangeConfirmation', 'email_change_confirmation', {
  user: User.meta({ description: 'The user with the new address.' }),
});

const code = z
  .strictObject({ code: Line(64).meta({ description: 'The code from the e-mail.' }) })
  .meta({ id: 'EmailedCode', description: 'The code that the user has received.' });

const user = { class: 'users', noun: 'user', rule: 'member', audited: true } as const;
const verifications = { scope: 'email_verifications:write' } as const;

export const emailCodesContract = {
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

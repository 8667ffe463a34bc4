import { z } from 'zod';
import type { Contract } from '../../http/endpoint.ts';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { flag, id, object, ObjectId, objectParams, text } from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/magic-link/passwordless-session */
export const PasswordlessSession = object('PasswordlessSession', 'passwordless_session', {
  id: id('session'),
  email: text('Recipient of the link.'),
  expires_at: text('When the link expires: ISO 8601.'),
  link: text('The link. Whoever has it can sign in.'),
});

export const passwordlessContract = {
  createPasswordlessSession: {
    method: 'post',
    path: '/passwordless/sessions',
    priority: 'interactive',
    summary: 'Create a magic link',
    description:
      'Following it leads, through the gateway, to `redirect_uri` with a code for `POST /sso/token`.',
    access: { scope: 'passwordless:write' },
    body: z
      .strictObject({
        type: z.literal('MagicLink').meta({ description: 'Always `MagicLink`.' }),
        email: z.email().max(254).meta({ description: 'Recipient of the link.' }),
        redirect_uri: z.string().min(1).max(2_048).optional().meta({
          description: 'One of the client’s redirect URIs. Required if it has more than one.',
        }),
        state: z
          .string()
          .min(1)
          .max(1_024)
          .optional()
          .meta({ description: 'Returned with the code.' }),
        connection: ObjectId.optional().meta({ description: 'The id of the connection to use.' }),
        expires_in: z
          .int()
          .min(900)
          .max(86_400)
          .optional()
          .meta({ description: 'The lifetime in seconds. Default: 900.' }),
      })
      .meta({ id: 'CreatePasswordlessSession', description: 'A magic link to create.' }),
    reply: { status: 201, body: PasswordlessSession, secret: true },
    problems: ['tenant-not-found', ...OBJECT_PROBLEMS],
    example: { type: 'MagicLink', email: 'ada@acme.example' },
  },
} as const satisfies Contract;

export const sendPasswordlessContract = {
  sendPasswordlessSession: {
    method: 'post',
    path: '/passwordless/sessions/{id}/send',
    priority: 'interactive',
    summary: 'Send a magic link by e-mail',
    access: { scope: 'passwordless:write' },
    params: objectParams,
    reply: {
      status: 200,
      body: z
        .object({
          success: flag('True if the link was sent.'),
          message: text('A message from WorkOS.'),
        })
        .meta({ id: 'PasswordlessSessionSent', description: 'The link is sent.' }),
    },
    problems: OBJECT_PROBLEMS,
    forward: {
      class: 'passwordless',
      rule: 'owned',
      noun: 'passwordless session',
      owned: 'passwordless_session',
      audited: true,
    },
  },
} as const satisfies ForwardedContract;

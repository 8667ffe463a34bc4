import { z } from 'zod';
import { Line } from '../../core/text.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, stamps, text, UserAgent } from '../forwarding/wire.ts';
import { ALONE, Email, mailed, problems } from './emailed.ts';

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

export const magicAuthContract = {
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
        user_agent: UserAgent.optional().meta({ description: 'The browser of the user.' }),
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
} as const satisfies ForwardedContract;

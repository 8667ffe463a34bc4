import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { CALLER_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, part, stamps, text } from '../forwarding/wire.ts';

const factor = {
  id: id('factor'),
  type: text('`totp`, `sms` or `generic_otp`.'),
  user_id: text('The id of its user at WorkOS, if it has one.'),
  sms: part({ phone_number: text('Where codes go.') }, 'Of `sms`.'),
};
const named = { issuer: text('Whose product.'), user: text('Whose account.') };

/** @see https://workos.com/docs/reference/mfa/authentication-factor */
const Factor = object('AuthenticationFactor', 'authentication_factor', {
  ...factor,
  totp: part(named, 'Of `totp`.'),
  ...stamps,
});
const EnrolledFactor = object('EnrolledFactor', 'authentication_factor', {
  ...factor,
  totp: part(
    {
      ...named,
      secret: text('To be typed in. Shown once.'),
      qr_code: text('To be scanned: a data URL. Shown once.'),
      uri: text('What the code says. Shown once.'),
    },
    'Of `totp`.',
  ),
  ...stamps,
});

const challenge = {
  id: id('challenge'),
  expires_at: text('Of `sms`: until when the code is good.'),
  code: text('Of `generic_otp`: what the user is to be sent.'),
  authentication_factor_id: text('The id of the factor.'),
  ...stamps,
};
const Challenge = object('AuthenticationChallenge', 'authentication_challenge', challenge);

const mfa = {
  class: 'mfa',
  rule: 'owned',
  noun: 'authentication factor',
  owned: 'factor',
} as const;
const problems = ['not-found', ...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS] as const;

export const mfaContract = {
  enrollFactor: {
    method: 'post',
    path: '/auth/factors/enroll',
    summary: 'Enroll an authentication factor',
    description: 'It belongs to the client, and to the acting user’s tenant if there is one.',
    access: { scope: 'mfa:write' },
    body: z
      .strictObject({
        type: z.enum(['totp', 'sms', 'generic_otp']).meta({ description: 'The kind of factor.' }),
        totp_issuer: Line(255).optional().meta({ description: 'Whose product.' }),
        totp_user: Line(255).optional().meta({ description: 'Whose account.' }),
        phone_number: Line(32).optional().meta({ description: 'Where codes go.' }),
      })
      .meta({ id: 'EnrollFactor', description: 'A factor to be.' }),
    reply: { status: 201, body: EnrolledFactor, secret: true },
    problems,
    forward: { class: 'mfa', rule: 'new', noun: mfa.noun, creates: 'factor', audited: true },
    example: { type: 'totp', totp_issuer: 'Product', totp_user: 'ada@acme.example' },
  },
  getFactor: {
    method: 'get',
    path: '/auth/factors/{id}',
    summary: 'Get a factor, without its secrets',
    access: { scope: 'mfa:write' },
    params: objectParams,
    reply: { status: 200, body: Factor },
    problems,
    forward: mfa,
  },
  deleteFactor: {
    method: 'delete',
    path: '/auth/factors/{id}',
    summary: 'Delete a factor',
    access: { scope: 'mfa:write' },
    params: objectParams,
    reply: { status: 204 },
    problems,
    forward: { ...mfa, audited: true },
  },
  challengeFactor: {
    method: 'post',
    path: '/auth/factors/{id}/challenge',
    summary: 'Challenge a factor',
    access: { scope: 'mfa:write' },
    params: objectParams,
    body: z
      .strictObject({
        sms_template: Line(500).optional().meta({ description: 'Of `sms`: with `{{code}}`.' }),
      })
      .meta({ id: 'ChallengeFactor', description: 'How to.' }),
    reply: { status: 201, body: Challenge, secret: true },
    problems,
    forward: { ...mfa, creates: 'challenge' },
  },
  verifyChallenge: {
    method: 'post',
    path: '/auth/challenges/{id}/verify',
    summary: 'Verify a challenge’s code',
    description: 'A wrong code is 201 with `valid: false`, as at WorkOS.',
    access: { scope: 'mfa:write' },
    params: objectParams,
    body: z
      .strictObject({ code: Line(64).meta({ description: 'What the user typed.' }) })
      .meta({ id: 'VerifyChallenge', description: 'The code.' }),
    reply: {
      status: 201,
      body: z
        .object({
          challenge: z
            .object({ object: text('Always `authentication_challenge`.'), ...challenge })
            .nullish()
            .meta({ description: 'The challenge.' }),
          valid: z.boolean().meta({ description: 'Whether the code was right.' }),
        })
        .meta({ id: 'ChallengeVerified', description: 'What came of it.' }),
    },
    problems,
    forward: { ...mfa, noun: 'authentication challenge', owned: 'challenge' },
  },
} as const satisfies ForwardedContract;

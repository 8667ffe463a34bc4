import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, part, stamps, text } from '../forwarding/wire.ts';

const factor = {
  id: id('factor'),
  type: text('`totp`, `sms` or `generic_otp`.'),
  user_id: text('The id of its user at WorkOS, if it has one.'),
  sms: part(
    { phone_number: text('The phone number that codes are sent to.') },
    'Present for `sms`.',
  ),
};
const named = {
  issuer: text('The product, as authenticator apps show it.'),
  user: text('The account, as authenticator apps show it.'),
};

/** @see https://workos.com/docs/reference/mfa/authentication-factor */
const Factor = object('AuthenticationFactor', 'authentication_factor', {
  ...factor,
  totp: part(named, 'Present for `totp`.'),
  ...stamps,
});
const EnrolledFactor = object('EnrolledFactor', 'authentication_factor', {
  ...factor,
  totp: part(
    {
      ...named,
      secret: text('The secret to type into an authenticator app. Shown once.'),
      qr_code: text('The QR code to scan, as a data URL. Shown once.'),
      uri: text('The content of the QR code. Shown once.'),
    },
    'Present for `totp`.',
  ),
  ...stamps,
});

const challenge = {
  id: id('challenge'),
  expires_at: text('For `sms`: when the code expires, ISO 8601.'),
  code: text('For `generic_otp`: the code to send to the user.'),
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
const problems = OBJECT_PROBLEMS;

export const mfaContract = {
  enrollFactor: {
    method: 'post',
    path: '/auth/factors/enroll',
    priority: 'interactive',
    summary: 'Enroll an authentication factor',
    description:
      'The factor belongs to the client, and to the acting user’s tenant if there is one.',
    access: { scope: 'mfa:write' },
    body: z
      .strictObject({
        type: z.enum(['totp', 'sms', 'generic_otp']).meta({ description: 'The kind of factor.' }),
        totp_issuer: Line(255)
          .optional()
          .meta({ description: 'For `totp`: the product, as authenticator apps show it.' }),
        totp_user: Line(255)
          .optional()
          .meta({ description: 'For `totp`: the account, as authenticator apps show it.' }),
        phone_number: Line(32)
          .optional()
          .meta({ description: 'For `sms`: the phone number to send codes to.' }),
        user_id: z
          .never({ error: 'is not offered: a factor belongs to the client that enrolls it' })
          .optional()
          .meta({ description: 'Refused: a factor belongs to the client that enrolls it.' }),
      })
      .meta({ id: 'EnrollFactor', description: 'A new factor.' }),
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
    priority: 'interactive',
    summary: 'Challenge a factor',
    access: { scope: 'mfa:write' },
    params: objectParams,
    body: z
      .strictObject({
        sms_template: Line(500)
          .optional()
          .meta({ description: 'For `sms`: the text, which must contain `{{code}}`.' }),
      })
      .meta({ id: 'ChallengeFactor', description: 'Options of the challenge.' }),
    optionalBody: true,
    reply: { status: 201, body: Challenge, secret: true },
    problems,
    forward: { ...mfa, creates: 'challenge' },
  },
  verifyChallenge: {
    method: 'post',
    path: '/auth/challenges/{id}/verify',
    priority: 'interactive',
    summary: 'Verify a challenge’s code',
    description: 'A wrong code is 201 with `valid: false`, as at WorkOS.',
    access: { scope: 'mfa:write' },
    params: objectParams,
    body: z
      .strictObject({ code: Line(64).meta({ description: 'The code that the user entered.' }) })
      .meta({ id: 'VerifyChallenge', description: 'The code.' }),
    reply: {
      status: 201,
      body: z
        .object({
          challenge: z
            .object({ object: text('Always `authentication_challenge`.'), ...challenge })
            .meta({ description: 'The challenge.' }),
          valid: z.boolean().meta({ description: 'True if the code was correct.' }),
        })
        .meta({ id: 'ChallengeVerified', description: 'The result of the verification.' }),
    },
    problems,
    forward: { ...mfa, noun: 'authentication challenge', owned: 'challenge' },
  },
} as const satisfies ForwardedContract;

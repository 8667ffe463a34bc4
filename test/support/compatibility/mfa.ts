import type { Call, World } from './call.ts';

const factors: readonly Call[] = [
  {
    method: 'multiFactorAuth.enrollFactor',
    when: '`totp`',
    args: () => [{ type: 'totp', issuer: 'Product', user: 'ada@acme.test' }],
    keep: 'totp',
  },
  {
    method: 'multiFactorAuth.enrollFactor',
    when: '`sms`',
    args: () => [{ type: 'sms', phoneNumber: '+15551234567' }],
    keep: 'sms',
  },
  {
    method: 'multiFactorAuth.enrollFactor',
    when: '`generic_otp`',
    args: () => [{ type: 'generic_otp' }],
    keep: 'otp',
  },
  {
    method: 'multiFactorAuth.enrollFactor',
    when: 'the phone number is none',
    args: () => [{ type: 'sms', phoneNumber: 'none' }],
  },
  {
    method: 'multiFactorAuth.enrollFactor',
    when: 'there is no issuer',
    args: () => [{ type: 'totp' }],
  },
  { method: 'multiFactorAuth.getFactor', when: '`totp`', args: ({ ids }) => [ids.totp] },
  { method: 'multiFactorAuth.getFactor', when: '`sms`', args: ({ ids }) => [ids.sms] },
  {
    method: 'multiFactorAuth.getFactor',
    when: 'there is none',
    args: () => ['auth_factor_none'],
  },
];

const codeOf = ({ fake, ids }: World): string | undefined =>
  fake.state.authChallenges.get(ids.challenge ?? '')?.code;

const challenges: readonly Call[] = [
  {
    method: 'multiFactorAuth.challengeFactor',
    when: '`totp`',
    args: ({ ids }) => [{ authenticationFactorId: ids.totp }],
  },
  {
    method: 'multiFactorAuth.challengeFactor',
    when: '`sms`',
    args: ({ ids }) => [{ authenticationFactorId: ids.sms, smsTemplate: 'It is {{code}}.' }],
  },
  {
    method: 'multiFactorAuth.challengeFactor',
    when: '`generic_otp`',
    args: ({ ids }) => [{ authenticationFactorId: ids.otp }],
    keep: 'challenge',
  },
  {
    method: 'multiFactorAuth.challengeFactor',
    when: 'there is no such factor',
    args: () => [{ authenticationFactorId: 'auth_factor_none' }],
  },
  {
    method: 'multiFactorAuth.verifyChallenge',
    when: 'the code is wrong',
    args: ({ ids }) => [{ authenticationChallengeId: ids.challenge, code: 'wrong' }],
  },
  {
    method: 'multiFactorAuth.verifyChallenge',
    args: (world) => [{ authenticationChallengeId: world.ids.challenge, code: codeOf(world) }],
  },
  {
    method: 'multiFactorAuth.verifyChallenge',
    when: 'it was answered',
    args: (world) => [{ authenticationChallengeId: world.ids.challenge, code: codeOf(world) }],
  },
  {
    method: 'multiFactorAuth.verifyChallenge',
    when: 'there is none',
    args: () => [{ authenticationChallengeId: 'auth_challenge_none', code: '123456' }],
  },
  {
    method: 'mfa.verifyFactor',
    when: 'it was answered',
    args: (world) => [{ authenticationChallengeId: world.ids.challenge, code: codeOf(world) }],
  },
];

export const mfaCalls: readonly Call[] = [
  ...factors,
  ...challenges,
  { method: 'multiFactorAuth.deleteFactor', args: ({ ids }) => [ids.sms] },
  { method: 'multiFactorAuth.deleteFactor', when: 'it is gone', args: ({ ids }) => [ids.sms] },
];

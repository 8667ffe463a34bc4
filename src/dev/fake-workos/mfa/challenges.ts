/** Challenges of a factor: verified once, with a limited number of wrong codes. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { expiryIn, isLive } from '../state/expiry.ts';
import { factorOf } from './factors.ts';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import type { AuthChallenge, AuthFactor } from '../state/mfa.ts';
import { isTotpCode } from './totp.ts';
import { parse } from '../http/validation.ts';
import { timestamps, type World } from '../state/world.ts';

/** @see https://workos.com/docs/reference/mfa/challenge */
const CHALLENGE_LIFETIME_MS = 10 * 60_000;
/** Chosen here; WorkOS does not publish its limit. */
const MAX_FAILURES = 5;

export const challengeOperations: readonly Operation[] = [
  { method: 'POST', path: '/auth/factors/{id}/challenge', perform: challenge },
  { method: 'POST', path: '/auth/challenges/{id}/verify', perform: verify },
];

const Challenge = z.object({ sms_template: z.string().optional() });
const Verify = z.object({ code: z.string() });

export interface SentSms {
  phoneNumber: string;
  text: string;
  code: string;
}

/** The text message of a challenge; the fake sends none. */
export function smsOf(world: World, challengeId: string): SentSms {
  const { authentication_factor_id, message, code } = challengeOf(world, challengeId);
  const { sms } = factorOf(world, authentication_factor_id);
  if (!sms || message === undefined || code === undefined)
    throw new Error('No text message was sent for this challenge.');
  return { phoneNumber: sms.phone_number, text: message, code };
}

function challengeOf({ state }: World, id: string): AuthChallenge {
  return requireFound(state.authChallenges.get(id), 'Authentication challenge', id);
}

function challenge(request: ApiRequest, world: World): Reply {
  const factor = factorOf(world, idOf(request));
  const { sms_template } = parse(Challenge, request.body ?? {});
  const created: AuthChallenge = {
    object: 'authentication_challenge',
    id: world.newId('auth_challenge'),
    authentication_factor_id: factor.id,
    ...codeFor(factor, world, sms_template),
    failures: 0,
    verified_at: null,
    ...timestamps(world),
  };
  world.state.authChallenges.set(created.id, created);
  const code = factor.type === 'generic_otp' ? created.code : undefined;
  return { status: 201, body: { ...toReply(created), code } };
}

/** Creates a code that is valid for ten minutes; none for TOTP, whose app computes it. */
function codeFor({ type }: AuthFactor, world: World, template = 'Your code is {{code}}.') {
  if (type === 'totp') return {};
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const expires_at = expiryIn(CHALLENGE_LIFETIME_MS, world.now());
  return type === 'sms'
    ? { code, expires_at, message: template.replaceAll('{{code}}', code) }
    : { code, expires_at };
}

function verify(request: ApiRequest, world: World): Reply {
  const found = challengeOf(world, idOf(request));
  const { code } = parse(Verify, request.body);
  requireOpen(found, world.now());
  const valid = isCorrect(world, found, code);
  const at = world.now().toISOString();
  if (valid) found.verified_at = at;
  else found.failures += 1;
  found.updated_at = at;
  return { status: 201, body: { challenge: toReply(found), valid } };
}

/** @throws ApiError 422 if it was verified before or has expired, 400 after too many wrong codes */
function requireOpen({ id, verified_at, expires_at, failures }: AuthChallenge, now: Date): void {
  if (verified_at !== null)
    throw new ApiError(422, {
      code: 'authentication_challenge_previously_verified',
      message: `The authentication challenge '${id}' has already been verified.`,
    });
  if (expires_at !== undefined && !isLive({ expires_at }, now))
    throw new ApiError(422, {
      code: 'authentication_challenge_expired',
      message: `The authentication challenge '${id}' has expired.`,
    });
  if (failures >= MAX_FAILURES)
    throw new ApiError(400, {
      code: 'one_time_code_too_many_attempts',
      message: 'Too many wrong codes. Start another challenge.',
    });
}

function isCorrect(world: World, { authentication_factor_id, code }: AuthChallenge, given: string) {
  const { totp } = factorOf(world, authentication_factor_id);
  return totp ? isTotpCode(totp.secret, given, world.now()) : given === code;
}

function toReply({
  object,
  id,
  authentication_factor_id,
  expires_at,
  created_at,
  updated_at,
}: AuthChallenge) {
  return { object, id, authentication_factor_id, expires_at, created_at, updated_at };
}

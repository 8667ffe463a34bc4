/** Codes that verify a user's e-mail address, or a change of it. No e-mail is sent. */
import { z } from 'zod';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { parse } from '../http/validation.ts';
import type { User } from '../state/users.ts';
import { timestamps, type World } from '../state/world.ts';
import { isSameEmail } from './changes.ts';
import { inFuture, isExpired, newCode, TEN_MINUTES } from './mailed.ts';
import { userOf } from './users.ts';

const USER = '/user_management/users/{id}';
const INVALID = 'invalid_request_parameters';

export const emailCodeOperations: readonly Operation[] = [
  { method: 'GET', path: '/user_management/email_verification/{id}', perform: getVerification },
  { method: 'POST', path: `${USER}/email_verification/send`, perform: sendVerification },
  { method: 'POST', path: `${USER}/email_verification/confirm`, perform: confirmVerification },
  { method: 'POST', path: `${USER}/email_change/send`, perform: sendChange },
  { method: 'POST', path: `${USER}/email_change/confirm`, perform: confirmChange },
];

const Code = z.object({ code: z.string() });

function getVerification(request: ApiRequest, { state }: World): Reply {
  const id = idOf(request);
  const found = requireFound(state.emailVerifications.get(id), 'Email verification', id);
  return { status: 200, body: found };
}

function sendVerification(request: ApiRequest, world: World): Reply {
  const user = userOf(world, idOf(request));
  if (user.email_verified)
    throw badRequest('email_already_verified', 'The e-mail address is verified.');
  const id = world.newId('email_verification');
  world.state.emailVerifications.set(id, {
    object: 'email_verification',
    id,
    user_id: user.id,
    email: user.email,
    expires_at: inFuture(world, TEN_MINUTES),
    ...timestamps(world),
    code: newCode(),
  });
  return { status: 200, body: { user } };
}

function confirmVerification(request: ApiRequest, world: World): Reply {
  const user = userOf(world, idOf(request));
  const { code } = parse(Code, request.body, INVALID);
  const sent = [...world.state.emailVerifications.values()].find(
    (one) => one.user_id === user.id && one.code === code,
  );
  if (!sent) throw badRequest('email_verification_code_incorrect', 'The code is incorrect.');
  if (isExpired(world, sent))
    throw badRequest('email_verification_code_expired', 'The code has expired.');
  world.state.emailVerifications.delete(sent.id);
  return { status: 200, body: { user: store(world, { ...user, email_verified: true }) } };
}

function sendChange(request: ApiRequest, world: World): Reply {
  const user = userOf(world, idOf(request));
  const { new_email } = parse(z.object({ new_email: z.email() }), request.body, INVALID);
  if (isSameEmail(user.email, new_email))
    throw conflict('email_change_not_needed', 'The user has this e-mail address.');
  if ([...world.state.users.values()].some(({ email }) => isSameEmail(email, new_email)))
    throw conflict('email_not_available', 'This email is not available.');
  const expires_at = inFuture(world, TEN_MINUTES);
  world.state.emailChanges.set(user.id, {
    user_id: user.id,
    new_email,
    code: newCode(),
    expires_at,
  });
  const created_at = world.now().toISOString();
  return {
    status: 200,
    body: { object: 'email_change', user, new_email, expires_at, created_at },
  };
}

function confirmChange(request: ApiRequest, world: World): Reply {
  const user = userOf(world, idOf(request));
  const { code } = parse(Code, request.body, INVALID);
  const pending = world.state.emailChanges.get(user.id);
  if (!pending) throw conflict('no_pending_email_change', 'No change is pending.');
  if (isExpired(world, pending))
    throw badRequest('email_change_code_expired', 'The code has expired.');
  if (pending.code !== code)
    throw badRequest('email_change_code_incorrect', 'The code is incorrect.');
  world.state.emailChanges.delete(user.id);
  const changed = store(world, { ...user, email: pending.new_email, email_verified: true });
  return { status: 200, body: { object: 'email_change_confirmation', user: changed } };
}

function store(world: World, user: User): User {
  const stored = { ...user, updated_at: world.now().toISOString() };
  world.state.users.set(user.id, stored);
  return stored;
}

const badRequest = (code: string, message: string) => new ApiError(400, { code, message });
const conflict = (code: string, message: string) => new ApiError(409, { code, message });

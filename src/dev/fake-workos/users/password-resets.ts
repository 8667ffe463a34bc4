/** `/user_management/password_reset`. No e-mail is sent. */
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
import type { PasswordReset } from '../state/codes.ts';
import { randomText } from '../state/ids.ts';
import type { World } from '../state/world.ts';
import { isSameEmail } from './changes.ts';
import { inFuture, isExpired, ONE_HOUR } from './mailed.ts';
import { userOf } from './users.ts';

const PATH = '/user_management/password_reset';
const INVALID = 'invalid_request_parameters';

export const passwordResetOperations: readonly Operation[] = [
  { method: 'POST', path: PATH, perform: create },
  { method: 'POST', path: `${PATH}/confirm`, perform: confirm },
  { method: 'GET', path: `${PATH}/{id}`, perform: get },
];

function create(request: ApiRequest, world: World): Reply {
  const { email } = parse(z.object({ email: z.email() }), request.body, INVALID);
  const known = [...world.state.users.values()].find((one) => isSameEmail(one.email, email));
  const user = requireFound(known, 'User', email);
  const token = randomText(32);
  const reset: PasswordReset = {
    object: 'password_reset',
    id: world.newId('password_reset'),
    user_id: user.id,
    email: user.email,
    password_reset_token: token,
    password_reset_url: `${world.url}/reset-password?token=${token}`,
    expires_at: inFuture(world, ONE_HOUR),
    created_at: world.now().toISOString(),
  };
  world.state.passwordResets.set(reset.id, reset);
  return { status: 201, body: reset };
}

function get(request: ApiRequest, { state }: World): Reply {
  const id = idOf(request);
  return { status: 200, body: requireFound(state.passwordResets.get(id), 'Password reset', id) };
}

/** Spends the token. The fake keeps no password. */
function confirm(request: ApiRequest, world: World): Reply {
  const { token, new_password } = parse(
    z.object({ token: z.string(), new_password: z.string() }),
    request.body,
    INVALID,
  );
  const { passwordResets } = world.state;
  const reset = [...passwordResets.values()].find((one) => one.password_reset_token === token);
  const found = requireFound(
    reset && !isExpired(world, reset) ? reset : undefined,
    'Password reset token',
    token,
  );
  if (new_password.length < 10)
    throw new ApiError(400, {
      code: 'password_reset_error',
      message: 'Could not reset the password.',
      errors: [{ code: 'password_too_short', message: 'The password is too short.' }],
    });
  passwordResets.delete(found.id);
  return { status: 200, body: { user: userOf(world, found.user_id) } };
}

/** `/user_management/magic_auth`: codes by which a user signs in. No e-mail is sent. */
import { z } from 'zod';
import {
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { parse } from '../http/validation.ts';
import type { MagicAuth } from '../state/codes.ts';
import { timestamps, type World } from '../state/world.ts';
import { isSameEmail } from './changes.ts';
import { newCode, TEN_MINUTES, inFuture } from './mailed.ts';
import { addUser } from './users.ts';

const PATH = '/user_management/magic_auth';

export const magicAuthOperations: readonly Operation[] = [
  { method: 'POST', path: PATH, perform: create },
  { method: 'GET', path: `${PATH}/{id}`, perform: get },
];

/** Creates the user too, if there is none. */
function create(request: ApiRequest, world: World): Reply {
  const { email } = parse(
    z.object({ email: z.email(), invitation_token: z.string().optional() }),
    request.body,
  );
  const known = [...world.state.users.values()].find((one) => isSameEmail(one.email, email));
  const magicAuth: MagicAuth = {
    object: 'magic_auth',
    id: world.newId('magic_auth'),
    user_id: (known ?? addUser(world, email)).id,
    email,
    expires_at: inFuture(world, TEN_MINUTES),
    ...timestamps(world),
    code: newCode(),
  };
  world.state.magicAuths.set(magicAuth.id, magicAuth);
  return { status: 201, body: magicAuth };
}

function get(request: ApiRequest, { state }: World): Reply {
  const id = idOf(request);
  return { status: 200, body: requireFound(state.magicAuths.get(id), 'Magic Auth', id) };
}

/** Codes and tokens that WorkOS sends to a user by e-mail. Their holder can act as the user. */
import { z } from 'zod';
import { CALLER_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { Line } from '../../core/text.ts';
import { text } from '../forwarding/wire.ts';
import { User } from './users.ts';

export const mailed = {
  user_id: text('The id of the user at WorkOS.'),
  email: text('The e-mail address.'),
  expires_at: text('When it expires: ISO 8601.'),
};
export const OfUser = z
  .object({ user: User.meta({ description: 'The user.' }) })
  .meta({ id: 'UserReply', description: 'The user that the request was about.' });

export const Email = Line(254).meta({ description: 'The e-mail address of the user.' });
export const problems = [
  'not-found',
  'user-is-shared',
  ...CALLER_PROBLEMS,
  ...UPSTREAM_PROBLEMS,
] as const;
export const ALONE =
  'All memberships of the user must be in tenants of the client, because the holder of the secret acts as the user.';

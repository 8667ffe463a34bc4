/** Single logout: issues a logout token for a profile, and the URL that uses it. */
import { z } from 'zod';
import { expiryIn, deleteExpired, isLive } from '../state/expiry.ts';
import {
  ApiError,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import { page, redirect, renderNotice } from '../http/page.ts';
import { profileOf } from './profiles.ts';
import { SITE } from './sign-in-views.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

const LOGOUT_LIFETIME_MS = 10 * 60_000;

const LogoutAuthorize = z.object({ profile_id: z.string() });

export const logoutOperations: readonly Operation[] = [
  { method: 'POST', path: '/sso/logout/authorize', perform: authorizeLogout },
  { method: 'GET', path: '/sso/logout', open: true, perform: logOut },
];

function authorizeLogout(request: ApiRequest, world: World): Reply {
  const { id, connection_type } = profileOf(world, parse(LogoutAuthorize, request.body).profile_id);
  if (connection_type !== 'GenericOIDC')
    throw new ApiError(400, {
      error: 'connection_invalid',
      error_description: 'Single Logout is only supported for GenericOIDC connections.',
    });
  const token = randomText(64);
  deleteExpired(world.state.logouts, world.now());
  world.state.logouts.set(token, {
    token,
    profile_id: id,
    expires_at: expiryIn(LOGOUT_LIFETIME_MS, world.now()),
  });
  return {
    status: 200,
    body: { logout_url: `${world.url}/sso/logout?token=${token}`, logout_token: token },
  };
}

function logOut({ query: { token = '' } }: ApiRequest, world: World): Reply {
  const { logouts, postLogoutUris } = world.state;
  const found = logouts.get(token);
  const live = found && isLive(found, world.now()) ? found : undefined;
  const { profile_id } = requireFound(live, 'Logout token', token);
  logouts.delete(token);
  const { connection_id, name, email } = profileOf(world, profile_id);
  const target = postLogoutUris.get(connection_id);
  if (target !== undefined) return redirect(302, target);
  const text = `${name ?? email} is no longer signed in here.`;
  return page(200, renderNotice({ site: SITE, title: 'You are signed out', text }));
}

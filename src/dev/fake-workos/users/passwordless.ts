/** Magic links: creates sessions, "sends" the e-mail, and serves the link. */
import { z } from 'zod';
import { redirectToClient, isRegistered } from '../sso/authorize.ts';
import { issueCode } from '../sso/codes.ts';
import { expiryIn, isLive } from '../state/expiry.ts';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import { page, renderNotice } from '../http/page.ts';
import { providerOf, saveUser, sharedProvider } from '../sso/profiles.ts';
import type { PasswordlessSession } from '../state/sign-in.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

const CreateSession = z.object({
  email: z.email(),
  type: z.literal('MagicLink'),
  redirect_uri: z.string().min(1).optional(),
  state: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  /** Seconds. */
  expires_in: z.int().min(900).max(86_400).default(900),
});

export const passwordlessOperations: readonly Operation[] = [
  { method: 'POST', path: '/passwordless/sessions', perform: create },
  { method: 'POST', path: '/passwordless/sessions/{id}/send', perform: send },
];

export const passwordlessPages: readonly Operation[] = [
  { method: 'GET', path: '/passwordless/{token}/confirm', perform: openLink },
];

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateSession, request.body);
  if (input.connection !== undefined) providerOf(world, input.connection);
  const session: PasswordlessSession = {
    id: world.newId('passwordless_session'),
    token: randomText(25),
    email: input.email,
    redirect_uri: requireRegistered(world, input.redirect_uri),
    state: input.state ?? null,
    connection: input.connection ?? null,
    expires_at: expiryIn(input.expires_in * 1000, world.now()),
    sent_at: null,
    used_at: null,
  };
  world.state.passwordlessSessions.set(session.id, session);
  const { id, email, expires_at, token } = session;
  const link = `${world.url}/passwordless/${token}/confirm`;
  return { status: 201, body: { object: 'passwordless_session', id, email, expires_at, link } };
}

/** Falls back to the environment's default redirect URI, which here is the first one. */
function requireRegistered(world: World, redirectUri: string | undefined): string {
  const [first = ''] = world.redirectUris;
  const uri = redirectUri ?? first;
  if (isRegistered(world, uri)) return uri;
  throw new ApiError(422, {
    message: 'The redirect URI is not registered.',
    errors: [{ field: 'redirect_uri', code: 'redirect_uri_invalid' }],
  });
}

function send(request: ApiRequest, world: World): Reply {
  const id = idOf(request);
  const session = requireFound(
    world.state.passwordlessSessions.get(id),
    'Passwordless session',
    id,
  );
  session.sent_at = world.now().toISOString();
  return { status: 200, body: { success: true } };
}

const EXPIRED = {
  site: 'Fake WorkOS',
  title: 'This link has expired',
  text: 'A sign-in link works once and for a short time. Request a new one.',
};

function openLink({ params: { token } }: ApiRequest, world: World): Reply {
  const session = [...world.state.passwordlessSessions.values()].find((s) => s.token === token);
  if (session?.used_at !== null || !isLive(session, world.now()))
    return page(410, renderNotice(EXPIRED));
  session.used_at = world.now().toISOString();
  const { email, connection, redirect_uri, state } = session;
  const provider =
    connection === null ? sharedProvider('MagicLink', 'Magic link') : providerOf(world, connection);
  const query = { redirect_uri, ...(state !== null && { state }) };
  return redirectToClient(query, {
    code: issueCode(world, saveUser(world, provider, { email }).id, query).code,
  });
}

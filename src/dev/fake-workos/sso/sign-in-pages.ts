/** The identity provider's login page: pick a user, or an error to fail with. */
import { z } from 'zod';
import { redirectToClient } from './authorize.ts';
import { issueCode } from './codes.ts';
import { isLive } from '../state/expiry.ts';
import { formOf, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { page, renderNotice } from '../http/page.ts';
import { saveUser, usersOf } from './profiles.ts';
import { SIGN_IN_ERRORS, SignInError } from './sign-in-errors.ts';
import { SITE, renderLogin } from './sign-in-views.ts';
import type { Profile, SignIn } from '../state/sign-in.ts';
import type { World } from '../state/world.ts';

export const signInPages: readonly Operation[] = [
  { method: 'GET', path: '/idp/login', perform: showLogin },
  { method: 'POST', path: '/idp/login', perform: submitLogin },
];

const EXPIRED = {
  site: SITE,
  title: 'This sign-in has expired',
  text: 'It is already finished, or took longer than ten minutes. Go back to the application and sign in again.',
};

function showLogin({ query }: ApiRequest, world: World): Reply {
  const signIn = liveSignIn(world, query.session ?? '');
  return signIn ? loginPage(world, signIn) : page(410, renderNotice(EXPIRED));
}

/** The form contains a profile id, an e-mail address or an error code. */
function submitLogin(request: ApiRequest, world: World): Reply {
  const form = formOf(request);
  const signIn = liveSignIn(world, form.session ?? '');
  if (!signIn) return page(410, renderNotice(EXPIRED));
  const { query } = signIn;
  if (form.error !== undefined) {
    const { code, message } = new SignInError(form.error);
    world.state.signIns.delete(signIn.token);
    return redirectToClient(query, { error: code, error_description: message });
  }
  const user = chosenUser(world, signIn, form);
  if (!user) return loginPage(world, signIn, form.email ?? '');
  world.state.signIns.delete(signIn.token);
  return redirectToClient(query, { code: issueCode(world, user.id, query).code });
}

function liveSignIn({ state, now }: World, token: string): SignIn | undefined {
  const signIn = state.signIns.get(token);
  return signIn && isLive(signIn, now()) ? signIn : undefined;
}

function chosenUser(
  world: World,
  { identity_provider }: SignIn,
  form: Readonly<Record<string, string>>,
): Profile | undefined {
  if (form.user !== undefined) return world.state.profiles.get(form.user);
  const email = z.email().safeParse(form.email);
  return email.success ? saveUser(world, identity_provider, { email: email.data }) : undefined;
}

/** @param invalidEmail the submitted text that is not an e-mail address */
function loginPage(
  world: World,
  { token, query, identity_provider }: SignIn,
  invalidEmail?: string,
) {
  const users = usersOf(world, identity_provider);
  const hint = query.login_hint ?? '';
  const html = renderLogin({
    title: `Sign in to ${identity_provider.name}`,
    site: SITE,
    session: token,
    type: identity_provider.connection_type,
    users: users.map(({ id, name, email }) => ({ id, email, name: name ?? email })),
    email: invalidEmail ?? (users.some(({ email }) => email === hint) ? '' : hint),
    problem: invalidEmail === undefined ? null : 'Enter an e-mail address, like ada@example.com.',
    errors: Object.keys(SIGN_IN_ERRORS),
  });
  // The application may redirect the browser further, to origins unknown here.
  return page(invalidEmail === undefined ? 200 : 422, html, ['http:', 'https:']);
}

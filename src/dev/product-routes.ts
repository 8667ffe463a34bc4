/** What the product answers: one line per route. */
import { createFeatures } from './features.ts';
import type { GatehouseCalls, Refusal } from './gatehouse-calls.ts';
import { TOKEN_LIFE_SECONDS, type IdentityProvider } from './identity-provider.ts';
import type { Person } from './person.ts';
import { content, page, redirect, type Reply } from './product-http.ts';
import { PRODUCT_ICON, PRODUCT_STYLE } from './product-style.ts';
import { homePage, refusedPage, signInPage } from './product-views.ts';

/** Holds a user token: also what `USER_TOKEN_COOKIE` names, for cookies do not tell ports apart. */
export const SESSION_COOKIE = 'acme_session';

export interface Visit {
  readonly form: URLSearchParams;
  /** Undefined: nobody is signed in. */
  readonly session: { readonly person: Person; readonly token: string } | undefined;
}

export type Routes = Readonly<Record<string, (visit: Visit) => Reply | Promise<Reply>>>;

export interface RouteOptions {
  readonly url: string;
  readonly people: readonly Person[];
  readonly provider: IdentityProvider;
  readonly gatehouse: GatehouseCalls;
}

const ASSETS: Routes = {
  'GET /style.css': () => content('text/css; charset=utf-8', PRODUCT_STYLE),
  'GET /icon.svg': () => content('image/svg+xml', PRODUCT_ICON),
};

export function createRoutes({ url, people, provider, gatehouse }: RouteOptions): Routes {
  const features = createFeatures();
  return {
    ...ASSETS,
    'GET /.well-known/jwks.json': () => content('application/json', JSON.stringify(provider.jwks)),
    'GET /': async ({ session }) => {
      if (!session) return page(signInPage(people));
      const { person } = session;
      const status = await gatehouse.tenantStatus(person.tenantId);
      return page(
        homePage(person, {
          provisioned: 'value' in status && status.value !== undefined,
          notice: 'refusal' in status ? status.refusal : undefined,
          features: features.of(person.tenantId),
        }),
      );
    },
    'POST /sign-in': async ({ form }) => {
      const person = people.find(({ id }) => id === form.get('person'));
      if (!person) return redirect('/');
      return redirect('/', sessionCookie(await provider.tokenFor(person.id), TOKEN_LIFE_SECONDS));
    },
    'POST /sign-out': () => redirect('/', sessionCookie('', 0)),
    'POST /set-up': signedIn(async ({ person, token }, form) => {
      const { tenantId } = person;
      const intent = form.get('intent') ?? '';
      const launch = { tenantId, intent, returnUrl: `${url}/`, userToken: token };
      const answer = await gatehouse.launchPortal(launch);
      if ('refusal' in answer) return refused(person, answer.refusal);
      features.opened(tenantId, intent);
      return redirect(answer.value);
    }),
    'POST /provision': signedIn(async ({ person }) => {
      const answer = await gatehouse.provision(person.tenantId, person.tenantName);
      return 'refusal' in answer ? refused(person, answer.refusal) : redirect('/');
    }),
  };
}

const sessionCookie = (value: string, maxAgeSeconds: number) => ({
  'set-cookie': `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`,
});

const signedIn =
  (act: (session: NonNullable<Visit['session']>, form: URLSearchParams) => Promise<Reply>) =>
  ({ session, form }: Visit): Reply | Promise<Reply> =>
    session ? act(session, form) : redirect('/');

const refused = (person: Person, refusal: Refusal): Reply =>
  page(refusedPage(person, refusal), refusal.code === 'not_answering' ? 502 : 403);

/** What the product answers: one line per route. */
import { createFeatures } from './features.ts';
import type { GatehouseCalls, Refusal } from './gatehouse-calls.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { tenantNameOf, type Person } from './person.ts';
import { content, page, redirect, type Reply } from './product-http.ts';
import { PRODUCT_ICON, PRODUCT_STYLE } from './product-style.ts';
import { createSsoRoutes } from './product-sso.ts';
import { beginSession, endSession, type Routes, type Visit } from './product-visit.ts';
import { homePage, refusedPage, signInPage, type TenantView } from './product-views.ts';

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
    ...createSsoRoutes({
      url,
      people,
      provider,
      gatehouse,
      onSignIn: (tenantId) => features.used(tenantId, 'sso'),
    }),
    'GET /.well-known/jwks.json': () => content('application/json', JSON.stringify(provider.jwks)),
    'GET /': async ({ session }) => {
      if (!session) return page(signInPage(await tenantsOf(people, gatehouse)));
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
      const token = await provider.tokenFor(person.id);
      return redirect('/', { 'set-cookie': beginSession(token) });
    },
    'POST /sign-out': () => redirect('/', { 'set-cookie': endSession() }),
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

const tenantsOf = (people: readonly Person[], gatehouse: GatehouseCalls): Promise<TenantView[]> =>
  Promise.all(
    [...Map.groupBy(people, ({ tenantId }) => tenantId)].map(async ([id, those]) => {
      const status = await gatehouse.tenantStatus(id);
      const provisioned = 'value' in status && status.value !== undefined;
      return { id, name: tenantNameOf(people, id), people: those, provisioned };
    }),
  );

const signedIn =
  (act: (session: NonNullable<Visit['session']>, form: URLSearchParams) => Promise<Reply>) =>
  ({ session, form }: Visit): Reply | Promise<Reply> =>
    session ? act(session, form) : redirect('/');

const refused = (person: Person, refusal: Refusal): Reply =>
  page(refusedPage(person, refusal), refusal.code === 'not_answering' ? 502 : 403);

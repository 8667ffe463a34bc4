/** Routes of the demo product. */
import type { Message } from '../inbox/message.ts';
import { featuresOf } from './features.ts';
import type { GatehouseClient, Refusal } from './gatehouse-client.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { tenantNameOf, type Person } from './person.ts';
import { content, page, redirect, type Reply } from './http.ts';
import { PRODUCT_SCRIPT } from './script.ts';
import { PRODUCT_ICON, PRODUCT_STYLE } from './style.ts';
import { createSsoRoutes } from './sso.ts';
import { beginSession, endSession, type Routes, type Visit } from './visit.ts';
import { inboxPage } from './inbox-view.ts';
import { homePage, renderRefusal, signInPage, type TenantView } from './views.ts';

export interface RouteOptions {
  readonly url: string;
  readonly people: readonly Person[];
  readonly provider: IdentityProvider;
  readonly gatehouse: GatehouseClient;
  readonly mails: () => readonly Message[];
}

const ASSETS: Routes = {
  'GET /style.css': () => content('text/css; charset=utf-8', PRODUCT_STYLE),
  'GET /live.js': () => content('text/javascript; charset=utf-8', PRODUCT_SCRIPT),
  'GET /icon.svg': () => content('image/svg+xml', PRODUCT_ICON),
};

export function createRoutes({ url, people, provider, gatehouse, mails }: RouteOptions): Routes {
  return {
    ...ASSETS,
    ...createSsoRoutes({
      url,
      people,
      provider,
      gatehouse,
    }),
    'GET /.well-known/jwks.json': () => content('application/json', JSON.stringify(provider.jwks)),
    'GET /': async ({ session }) => {
      if (!session) return page(signInPage(await tenantsOf(people, gatehouse)));
      const { person } = session;
      const setup = await gatehouse.setup(person.tenantId);
      const known = 'value' in setup ? setup.value : undefined;
      return page(
        homePage(person, {
          provisioned: known !== undefined,
          notice: 'refusal' in setup ? setup.refusal : undefined,
          features: known ? featuresOf(known) : [],
        }),
      );
    },
    'GET /inbox': () => page(inboxPage(mails())),
    'POST /sign-in': async ({ form }) => {
      const person = people.find(({ id }) => id === form.get('person'));
      if (!person) return redirect('/');
      const token = await provider.tokenFor(person.id);
      return redirect('/', { 'set-cookie': beginSession(token) });
    },
    'POST /token': ({ form }) => giveToken(form.get('person') ?? '', { people, provider }),
    'POST /sign-out': () => redirect('/', { 'set-cookie': endSession() }),
    'POST /set-up': requireSession(async ({ person, token }, form) => {
      const { tenantId } = person;
      const intent = form.get('intent') ?? '';
      const launch = { tenantId, intent, returnUrl: `${url}/`, userToken: token };
      const answer = await gatehouse.launchPortal(launch);
      return 'refusal' in answer ? refusalPage(person, answer.refusal) : redirect(answer.value);
    }),
    'POST /provision': requireSession(async ({ person }) => {
      const answer = await gatehouse.provision(person.tenantId, person.tenantName);
      return 'refusal' in answer ? refusalPage(person, answer.refusal) : redirect('/');
    }),
  };
}

/** The user token alone, so that a shell can take it into a variable. */
async function giveToken(
  id: string,
  { people, provider }: Pick<RouteOptions, 'people' | 'provider'>,
): Promise<Reply> {
  const known = people.map((person) => person.id);
  if (known.includes(id)) return content('text/plain', await provider.tokenFor(id));
  return content('text/plain', `person must be one of ${known.join(', ')}.\n`, 422);
}

const tenantsOf = (people: readonly Person[], gatehouse: GatehouseClient): Promise<TenantView[]> =>
  Promise.all(
    [...Map.groupBy(people, ({ tenantId }) => tenantId)].map(async ([id, members]) => {
      const status = await gatehouse.tenantStatus(id);
      const provisioned = 'value' in status && status.value !== undefined;
      return { id, name: tenantNameOf(people, id), people: members, provisioned };
    }),
  );

const requireSession =
  (act: (session: NonNullable<Visit['session']>, form: URLSearchParams) => Promise<Reply>) =>
  ({ session, form }: Visit): Reply | Promise<Reply> =>
    session ? act(session, form) : redirect('/');

const refusalPage = (person: Person, refusal: Refusal): Reply =>
  page(renderRefusal(person, refusal), refusal.code === 'not_answering' ? 502 : 403);

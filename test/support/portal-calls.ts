/** Creates portal launches, and opens `/launch-portal` as a browser does. */
import supertest, { type Response, type Test } from 'supertest';
import type { TestApp, TestClient } from './test-app.ts';

export interface Launch {
  readonly id: string;
  readonly url: string;
  readonly ticket: string;
}

/** A launch of `acme` for Ada unless said otherwise. */
export async function createLaunch(
  gatehouse: TestApp,
  client: TestClient,
  { userToken, ...fields }: Readonly<Record<string, unknown>> & { userToken?: string } = {},
): Promise<Launch> {
  const res = await gatehouse
    .as(client, userToken ?? (await gatehouse.userToken()))
    .post('/v1/portal-launches')
    .send({ tenant_id: 'acme', intent: 'sso', ...fields });
  if (res.status !== 201) throw new Error(`A launch came to ${res.status} ${res.text}`);
  const { id, url } = res.body as { id: string; url: string };
  return { id, url, ticket: new URL(url).searchParams.get('ticket') ?? '' };
}

/** What a browser sends when a person opens an address. */
export const NAVIGATION = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/** Opens `/launch-portal` by one navigation, without following its redirect. */
export const openLaunchPage = (
  origin: string,
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Test =>
  supertest(origin)
    .get('/launch-portal')
    .query(query)
    .set({ ...NAVIGATION, 'sec-fetch-site': 'none', ...headers });

/** Presses the button of the confirm page. Under `no-referrer`, a browser sends `Origin: null`. */
export const pressButton = (
  origin: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
  action = '/launch-portal',
): Test =>
  supertest(origin)
    .post(action)
    .type('form')
    .set({ ...NAVIGATION, 'sec-fetch-site': 'same-origin', origin: 'null', ...headers })
    .send(fields);

/** What the page's form would send. */
export const fieldsOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')],
    ),
  );

/** @returns what WorkOS was asked for when it last made a portal link. @throws if it never was */
export function lastLinkRequest({ workos }: TestApp): {
  organization: string;
  return_url: string;
  success_url: string;
} {
  const last = workos.requestsTo('POST /portal/generate_link').at(-1);
  if (last === undefined) throw new Error('WorkOS was asked for no portal link.');
  return last.body as ReturnType<typeof lastLinkRequest>;
}

/** How often WorkOS was asked for a portal link. */
export const linkRequests = ({ workos }: TestApp): number =>
  workos.requestsTo('POST /portal/generate_link').length;

/** The cookies that the answer sets, as the browser sends them. */
export const cookiesOf = ({ headers }: Response): string =>
  ((headers['set-cookie'] ?? []) as unknown as string[])
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

/** The path and query that the answer redirects to. */
export const pathOf = ({ headers }: Response): string => {
  const { pathname, search } = new URL(headers.location ?? '');
  return pathname + search;
};

export const headingIn = ({ text }: Response): string | undefined =>
  /<h1>(.*)<\/h1>/.exec(text)?.[1];

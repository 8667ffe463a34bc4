/** A request that a browser makes in advance, or for a part of another page, spends nothing and records nothing. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLaunch, lastLinkRequest, openLaunchPage } from '../support/portal-calls.ts';
import {
  connect,
  createBrowser,
  exchange,
  grant,
  login,
  REDIRECT_URI,
} from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const EXCHANGE = 'POST /sso/token';

const gatehouse = useGatehouse();
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});

const PREFETCHES: Record<string, string>[] = [
  { 'sec-purpose': 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { purpose: 'prefetch' },
  { 'x-moz': 'prefetch' },
];
const PARTS: Record<string, string>[] = [
  { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'fencedframe' },
];
const titled = (headers: Record<string, string>) => [JSON.stringify(headers), headers] as const;

const statusOf = async (id: string) => {
  const res = await gatehouse.as(client).get(`/v1/portal-launches/${id}`);
  return (res.body as { status: string }).status;
};

describe('the callback', () => {
  it.each([...PREFETCHES, ...PARTS].map(titled))(
    'without a state asks WorkOS nothing: %s',
    async (_title, headers) => {
      const asked = gatehouse.workos.requestsTo(EXCHANGE).length;

      const page = await gatehouse.anonymous.get('/sso/callback?code=stray').set(headers);

      expect(page.status).toBe(403);
      expect(gatehouse.workos.requestsTo(EXCHANGE)).toHaveLength(asked);
    },
  );

  it.each(PREFETCHES.map(titled))(
    'leaves a login to be finished by a click: %s',
    async (_title, headers) => {
      const { browser, back } = await login(gatehouse, client);

      const early = await browser.get(back, { headers });
      const opened = await browser.get(back);

      expect([early.status, early.setCookie, opened.status]).toEqual([403, [], 302]);
      const code = opened.location?.searchParams.get('code') ?? '';
      expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
    },
  );
});

describe('the return page', () => {
  it.each(PREFETCHES.map(titled))('records no return: %s', async (_title, headers) => {
    const { id, ticket } = await createLaunch(gatehouse, client, { intent: 'audit_logs' });
    await openLaunchPage(gatehouse.url, { ticket });
    const { return_url: url } = lastLinkRequest(gatehouse);

    const early = await createBrowser(gatehouse).get(url, { headers });
    const between = await statusOf(id);
    const opened = await createBrowser(gatehouse).get(url);

    expect([early.status, between, opened.status]).toEqual([403, 'redirected', 200]);
    expect(await statusOf(id)).toBe('returned');
  });
});

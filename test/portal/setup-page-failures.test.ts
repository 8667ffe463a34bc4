import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import supertest, { type Response } from 'supertest';
import { interleave, pauseCall } from '../support/interleave.ts';
import { cookiesOf, createLaunch, NAVIGATION, pathOf } from '../support/portal-calls.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { applyEvents, workosEvent } from '../support/workos-events.ts';

const gatehouse: TestApp = useGatehouse();
let client: TestClient;
let admin: string;
let connectionId: string;

beforeAll(async () => {
  client = await gatehouse.createClient({ name: 'Acme Console' });
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
  const [organization = ''] = gatehouse.workos.organizations.keys();
  const connection = gatehouse.workos.addConnection(organization);
  connectionId = connection.id;
  await applyEvents(gatehouse, workosEvent('connection.activated', { ...connection }));
});
beforeEach(() => gatehouse.workos.clearFaults());

const BROWSER = {
  ...NAVIGATION,
  'sec-fetch-site': 'same-origin',
  'accept-language': 'de-CH',
};

const get = (path: string, cookie = '') =>
  supertest(gatehouse.url)
    .get(path)
    .set({ ...BROWSER, cookie });
const post = (path: string, cookie: string, fields: Record<string, string>) =>
  supertest(gatehouse.url)
    .post(path)
    .type('form')
    .set({ ...BROWSER, cookie })
    .send(fields);

/** The hidden fields of the page's first form. */
const fieldsIn = ({ text }: Response): Record<string, string> =>
  Object.fromEntries(
    [...(/<form.*?<\/form>/s.exec(text)?.[0] ?? '').matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

async function open() {
  const { ticket } = await createLaunch(gatehouse, client, { userToken: admin, intent: 'any' });
  const opened = await get(`/setup?ticket=${ticket}`);
  return { path: pathOf(opened), cookie: cookiesOf(opened) };
}

const FAILURES = [
  ['answers 503', { kind: 'status', status: 503 }],
  ['closes the connection', { kind: 'reset', when: 'before-headers' }],
  ['answers something else', { kind: 'content-type', type: 'text/html', body: '<p>no' }],
] as const;

describe('when WorkOS fails after a button of the setup page', () => {
  it.each(FAILURES)('and %s, the page leads back, and tries again', async (_how, fault) => {
    const { path, cookie } = await open();
    const fields = fieldsIn(await get(path, cookie));
    gatehouse.workos.fault('POST /portal/generate_link', fault);
    const failed = await post(path, cookie, { ...fields, intent: 'dsync' });
    gatehouse.workos.clearFaults();

    expect(failed.status).toBeGreaterThanOrEqual(502);
    expect(failed.text).toContain('<html lang="de"');
    expect(failed.text).toContain('Es wurde nichts geändert.');
    expect(failed.text).toContain(`href="${path}"`);
    for (const fact of ['Acme Console', 'Tenant acme', 'Seite offen bis'])
      expect(failed.text).toContain(fact);
    expect(fieldsIn(failed)).toEqual({ ...fields, intent: 'dsync' });
    const again = await post(path, cookie, fieldsIn(failed));
    expect(again.status).toBe(303);
  });

  it('keeps the language of the address', async () => {
    const { path, cookie } = await open();
    const fields = fieldsIn(await get(path, cookie));
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 503 });
    const failed = await post(`${path}?lang=fr`, cookie, fields);

    expect(failed.text).toContain('Rien n’a été modifié.');
    expect(failed.text).toContain(`action="${path}?lang=fr"`);
    expect(failed.text).toContain(`href="${path}?lang=fr"`);
  });
});

describe('when the person is refused while WorkOS makes the link', () => {
  it('the page does not lead back, because the setup page is closed too', async () => {
    const { path, cookie } = await open();
    const fields = fieldsIn(await get(path, cookie));
    const registry = '/v1/tenants/acme/it-admins/ada';
    const [refused] = await interleave(
      pauseCall(gatehouse.workos, 'POST /portal/generate_link'),
      () => post(path, cookie, fields),
      () => gatehouse.as(client).put(registry).send({ state: 'denied' }),
    );
    await gatehouse.as(client).put(registry).send({ state: 'granted' });

    expect(refused.status).toBe(403);
    expect(refused.text).not.toContain(path);
    expect(refused.text).not.toContain('Tenant acme');
  });
});

describe('when WorkOS fails after a test of a sign-in', () => {
  it.each(FAILURES)('and %s, the page offers another test', async (_how, fault) => {
    const { path, cookie } = await open();
    const begun = await get(`${path}/sign-in-test?connection=${connectionId}`, cookie);
    const both = `${cookie}; ${cookiesOf(begun)}`;
    const back = await gatehouse.workos.signIn(begun.headers.location ?? '');
    const returned = await get(back.pathname + back.search, both);
    gatehouse.workos.fault('POST /sso/token', fault);
    const failed = await get(pathOf(returned), both);

    expect(failed.status).toBeGreaterThanOrEqual(502);
    expect(failed.text).toContain('Der Test wurde nicht fertig');
    expect(failed.text).toContain(`href="${path}/sign-in-test?connection=${connectionId}"`);
    expect(failed.text).toContain(`href="${path}"`);
    expect(failed.text).toContain('Tenant acme');
  });
});

describe('when WorkOS fails after the button of the confirm page', () => {
  it('the page tries again with the same ticket', async () => {
    const { ticket } = await createLaunch(gatehouse, client, { userToken: admin, mode: 'confirm' });
    const page = await get(`/launch-portal?ticket=${ticket}`);
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 503 });
    const failed = await post('/launch-portal', cookiesOf(page), fieldsIn(page));
    gatehouse.workos.clearFaults();

    expect(failed.status).toBeGreaterThanOrEqual(502);
    expect(failed.text).toContain('und Ihr Link gilt weiterhin');
    expect(failed.text).toContain('Link gültig bis');
    expect(fieldsIn(failed)).toEqual(fieldsIn(page));
    const again = await post('/launch-portal', cookiesOf(page), fieldsIn(failed));
    expect(again.status).toBe(303);
  });
});

/** If a cookie identifies the user, a link is created only after they confirmed on a page of Gatehouse. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { createLaunch, fieldsOf, linkRequests } from '../support/portal-calls.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let cookie: string;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  cookie = `session=${await gatehouse.userToken()}`;
});

const asked = () => ({ client_id: client.id, tenant_id: 'acme', intent: 'sso' });
const get = (headers: Record<string, string>) =>
  supertest(gatehouse.url).get('/launch-portal').query(asked()).set(headers);
const post = (fields: Record<string, string>, headers: Record<string, string>) =>
  supertest(gatehouse.url).post('/launch-portal').type('form').set(headers).send(fields);

describe('a browser that does not say which site caused the request', () => {
  it('gets the confirm page on GET, and a link only by that page’s form', async () => {
    const before = linkRequests(gatehouse);
    const page = await get({ cookie });
    expect([page.status, linkRequests(gatehouse)]).toEqual([200, before]);

    const pressed = await post(fieldsOf(page.text), { cookie, origin: 'null' });

    expect(pressed.status).toBe(303);
  });

  it.each<[string, Record<string, string>]>([
    ['without Origin', {}],
    ['with Origin: null', { origin: 'null' }],
  ])('gets the confirm page on POST %s', async (_case, headers) => {
    const before = linkRequests(gatehouse);

    const page = await post(asked(), { cookie, ...headers });

    expect([page.status, linkRequests(gatehouse)]).toEqual([200, before]);
    expect((await post(fieldsOf(page.text), { cookie, ...headers })).status).toBe(303);
  });

  it('gets no link by a form for another user or another request', async () => {
    const other = `session=${await gatehouse.userToken({ sub: 'eve' })}`;
    const theirs = fieldsOf((await get({ cookie: other })).text);
    const mine = fieldsOf((await get({ cookie })).text);

    const pages = [
      await post(theirs, { cookie }),
      await post({ ...mine, intent: 'dsync' }, { cookie }),
      await post({ ...mine, form_token: 'x' }, { cookie }),
    ];

    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('gets the confirm page for a long ticket too', async () => {
    await gatehouse.as(client).put('/v1/tenants/acme/it-admins/ada').send({ state: 'granted' });
    const { ticket } = await createLaunch(gatehouse, client, {
      mode: 'confirm',
      expires_in: 86_400,
    });

    const page = await post({ ticket }, { cookie });
    const pressed = await post(fieldsOf(page.text), { cookie });

    expect([page.status, pressed.status]).toEqual([200, 303]);
  });

  it('needs no confirmation with a bearer token or a short ticket', async () => {
    const authorization = cookie.replace('session=', 'Bearer ');
    const { ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });

    const answers = [await get({ authorization }), await post({ ticket }, { cookie })];

    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  });
});

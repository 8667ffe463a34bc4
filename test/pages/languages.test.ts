import { beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import {
  createLaunch,
  fieldsOf,
  lastLinkRequest,
  openLaunchPage,
  pressButton,
} from '../support/portal-calls.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const get = (path: string, headers: Record<string, string> = {}) =>
  supertest(gatehouse.url).get(path).set(headers);
const languageOf = ({ text }: { text: string }) => /<html lang="(\w+)"/.exec(text)?.[1];

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
});

describe('the language of a page', () => {
  it.each([
    ['en', {}, ''],
    ['de', { 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' }, ''],
    ['fr', { 'accept-language': 'de;q=0.1, fr;q=0.9' }, ''],
    ['de', { 'accept-language': 'nl, sv;q=0.9, gsw;q=0.5' }, ''],
    ['de', { 'accept-language': 'de-AT, fr;q=0.5' }, ''],
    ['en', { 'accept-language': 'ja, *' }, ''],
    ['en', { 'accept-language': 'de;q=0' }, ''],
    ['en', { 'accept-language': ';;;,__proto__,de_DE!,\u00ff' }, ''],
    ['fr', { 'accept-language': 'de' }, '?lang=fr'],
    ['de', {}, '?lang=de-CH'],
    ['de', { 'accept-language': 'de' }, '?lang=xx'],
    ['de', { 'accept-language': 'de' }, '?lang=%22%3E%3Cscript%3E'],
    ['de', { 'accept-language': 'de' }, '?lang='],
    ['de', {}, '?x=lang&lang=de&lang=fr'],
  ])('is %s for %j %s', async (language, headers: Record<string, string>, query) => {
    const res = await get(`/launch-portal${query}`, headers);

    expect(languageOf(res)).toBe(language);
    expect(res.headers).toMatchObject({ 'content-language': language, vary: 'Accept-Language' });
    expect(res.text).not.toContain('<script');
  });

  it('ignores what follows in a very long wish', async () => {
    const wishes = Array.from({ length: 900 }, (_, at) => `x${at % 10}a-${at}`).join(',');

    expect(languageOf(await get('/launch-portal', { 'accept-language': wishes }))).toBe('en');
  });

  it('stays from the confirm page to the return page', async () => {
    const { ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });

    const page = await openLaunchPage(gatehouse.url, { ticket, lang: 'de' });
    expect(page.text).toContain('<h1>Single Sign-on einrichten</h1>');
    expect(page.text).toMatch(
      /Link gültig bis<\/dt><dd><bdi>\d+\. \p{L}+ 20\d\d um \d\d:\d\d UTC</u,
    );
    const action = /action="([^"]*)"/.exec(page.text)?.[1] ?? '';
    expect(action).toBe('/launch-portal?lang=de');
    const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
    const pressed = await pressButton(gatehouse.url, fieldsOf(page.text), { cookie }, action);
    expect(pressed.status).toBe(303);
    const { return_url: returnUrl, success_url: successUrl } = lastLinkRequest(gatehouse);
    expect([returnUrl, successUrl].map((url) => new URL(url).searchParams.get('lang'))).toEqual([
      'de',
      'de',
    ]);
    const { pathname, search } = new URL(returnUrl);
    const returned = await get(pathname + search, { 'accept-language': 'fr' });
    expect(returned.text).toContain('<h1>Single Sign-on ist noch nicht eingerichtet</h1>');
  });

  it('adds no parameter where the browser has chosen', async () => {
    const { ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });

    const page = await openLaunchPage(gatehouse.url, { ticket }, { 'accept-language': 'fr' });

    expect(page.text).toContain('<h1>Configurer l’authentification unique</h1>');
    expect(page.text).toContain('action="/launch-portal"');
  });

  it('is that of the address for a form that is refused', async () => {
    const res = await pressButton(gatehouse.url, { ticket: 'x' }, {}, '/launch-portal?lang=fr');

    expect(res.status).toBe(410);
    expect(res.text).toContain('<h1>Ce lien ne fonctionne plus</h1>');
    // The form cannot be sent again by a link.
    expect(res.text).not.toContain('Réessayer');
  });
});

describe('an address that is not of an operation', () => {
  it.each([
    ['/', BROWSER, 200],
    ['/?x=<b>', 'text/html', 200],
    ['/nothing/<b>there</b>?y=<i>', BROWSER, 404],
    ['//evil.example/x', BROWSER, 404],
    ['/organizations/%ff', BROWSER, 400],
    ['/organizations/', BROWSER, 404],
  ])('answers a browser with a page: %s, %s', async (path, accept, status) => {
    const res = await get(path, { accept, 'accept-language': 'de' });

    expect(res.status).toBe(status);
    expect(res.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      vary: 'Accept, Accept-Language',
      'cache-control': 'no-store',
    });
    expect(languageOf(res)).toBe('de');
    expect(res.text).not.toMatch(/<b>|<i>|there|evil/);
  });

  it.each([
    ['/', 'application/json'],
    ['/', '*/*'],
    ['/', 'text/html;q=0.5, application/json'],
    ['/', 'text/html;q=0, */*'],
    ['/', 'image/png'],
    ['/', ';;, text/, /html'],
    ['/nothing', 'application/problem+json, text/html;q=0.9'],
    ['/v1/nothing', BROWSER],
    ['/webhooks/nothing', BROWSER],
  ])('answers a program with JSON: %s, %s', async (path, accept) => {
    const res = await get(path, { accept });

    expect([res.status, (res.body as { code: string }).code]).toEqual([404, 'not_found']);
    expect(res.headers['content-type']).toMatch(/^application\/(problem\+)?json/);
  });

  it.each([
    ['/', 200],
    ['/nothing', 404],
    ['/docs', 200],
    ['/docs/problems', 200],
    ['/docs/viewer.js', 200],
    ['/openapi.yaml', 200],
  ])('answers HEAD as GET, without a body: %s', async (path, status) => {
    const accepts = { accept: BROWSER, 'accept-encoding': 'identity' };
    const head = await supertest(gatehouse.url).head(path).set(accepts);
    const whole = await get(path, accepts);

    expect([head.status, head.text]).toEqual([status, undefined]);
    for (const name of ['content-type', 'content-length', 'cache-control', 'etag'])
      expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
  });

  it('names HEAD among the methods of a document', async () => {
    const { status, headers } = await supertest(gatehouse.url).delete('/docs');

    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('keeps JSON for what an operation refuses, whatever it accepts', async () => {
    const res = await get('/v1/tenants', { accept: BROWSER });

    expect([res.status, res.headers['content-type']]).toEqual([401, 'application/problem+json']);
  });
});

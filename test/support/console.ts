import supertest, { type Agent, type Response } from 'supertest';
import { consoleCommand } from '../../src/cli/console.ts';
import { runHere } from './command-here.ts';
import type { TestApp } from './test-app.ts';

/** `gatehouse console …` against the database of a test. */
export const runConsole = (app: TestApp, ...args: readonly string[]) =>
  runHere((terminal) => consoleCommand(args, { terminal, db: app.database.db }), {
    DATABASE_URL: app.database.url,
  });

/** The path of a new sign-in link. */
export async function newLink(app: TestApp, name = 'ada'): Promise<string> {
  const { out } = await runConsole(app, '--as', name);
  return new URL((JSON.parse(out) as { url: string }).url).pathname;
}

/** What a browser sends with a form of the page it shows. */
const BROWSER = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', origin: 'null' };

export const useLink = (browser: Agent, path: string): Promise<Response> =>
  browser
    .post('/console/sign-in')
    .set(BROWSER)
    .type('form')
    .send({ link: path.split('/').at(-1) });

/** A browser that is signed in to the console. @param replica default: the first, 0 */
export async function openConsole(app: TestApp, name = 'ada', replica = 0) {
  const browser = supertest.agent(app.adminUrls[replica]);
  const signedIn = await useLink(browser, await newLink(app, name));
  if (signedIn.status !== 303) throw new Error(`The console answered ${signedIn.status}`);
  const formToken = async () => {
    const { text } = await browser.get('/console/budget');
    return /name="form_token" value="([^"]+)"/.exec(text)?.[1] ?? '';
  };
  return {
    browser,
    cookie: signedIn.get('set-cookie')?.[0]?.split(';')[0] ?? '',
    get: (path: string): Promise<Response> => browser.get(`/console${path}`).then((res) => res),
    /** Sends a form as its page would. */
    post: async (path: string, fields: Readonly<Record<string, string>> = {}) =>
      browser
        .post(`/console${path}`)
        .set(BROWSER)
        .type('form')
        .send({ ...fields, form_token: await formToken() }),
  };
}

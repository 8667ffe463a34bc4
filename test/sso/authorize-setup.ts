import { beforeAll, expect } from '@jest/globals';
import { connect, REDIRECT_URI, type Page } from '../support/sign-in.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export const ISSUER = 'https://gatehouse.example.com';
export let gatehouse: TestApp;
export let client: TestClient;
/** A client that may use the tenants whose ids begin with acme. */
export let limited: TestClient;
export let connection: string;

export const parametersOf = ({ location }: Page): Record<string, string> =>
  Object.fromEntries(location?.searchParams ?? []);

export const expectRefusal = (page: Page, error: string): void => {
  expect(page.status).toBe(302);
  expect(`${page.location?.origin ?? ''}${page.location?.pathname ?? ''}`).toBe(REDIRECT_URI);
  expect(parametersOf(page)).toMatchObject({ error, iss: ISSUER });
  expect(page.setCookie).toEqual([]);
};

export const expectPage = (page: Page, status: number, heading: string): void => {
  expect(page.status).toBe(status);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.location).toBeUndefined();
  expect(page.setCookie).toEqual([]);
  expect(page.text).toContain(`<h1>${heading}</h1>`);
};

export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export function useSignIns(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    client = await gatehouse.createClient({
      redirectUris: [REDIRECT_URI, 'https://app.example.com/in?from=sso&x'],
    });
    limited = await gatehouse.createClient({ redirectUris: [REDIRECT_URI], tenants: ['acme*'] });
    await gatehouse.provision('acme');
    await gatehouse.provision('beta');
    connection = await connect(gatehouse, 'acme');
  });
}

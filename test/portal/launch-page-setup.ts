import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { createLaunch, openLaunchPage, pressButton } from '../support/portal-calls.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export const MINT = 'POST /portal/generate_link';
export let gatehouse: TestApp;
export let client: TestClient;
export let admin: string;
/** Two replicas besides the one that most requests go to. */
export let replicas: readonly string[];

export const launch = (fields: Parameters<typeof createLaunch>[2] = {}) =>
  createLaunch(gatehouse, client, { userToken: admin, ...fields });

export const open = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  openLaunchPage(gatehouse.url, query, headers);

export const press = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  pressButton(gatehouse.url, fields, headers);

export const setState = (userId: string, state: string) =>
  gatehouse.as(client).put(`/v1/tenants/acme/it-admins/${userId}`).send({ state });

export const launchRow = async (id: string) =>
  (await gatehouse.as(client).get(`/v1/portal-launches/${id}`)).body as Record<string, unknown>;

/** Returns all by which a stranger could tell two pages apart. */
export const pageOf = ({ status, headers, text }: Response) => {
  const { 'x-request-id': requestId = '', ...told } = headers as Record<string, string>;
  return { status, told: { ...told, date: '' }, text: text.replaceAll(requestId, '(request id)') };
};

export const expectPage = (res: Response, status: number, heading: string): void => {
  expect(res.status).toBe(status);
  expect(res.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(res.headers).not.toHaveProperty('location');
  expect(res.text).toContain(`<h1>${heading}</h1>`);
};

export const NOT_FOR_THIS = 'This link is for a browser window';

export function useLaunchPage(): void {
  gatehouse = useGatehouse({ replicas: 3 });
  beforeAll(async () => {
    client = await gatehouse.createClient();
    admin = await gatehouse.userToken();
    await gatehouse.provision('acme');
    replicas = gatehouse.urls.slice(1);
  });
}

export function itLeavesNoSecrets(): void {
  describe('after all requests', () => {
    it('no ticket, link or token is in a log line or in the database', async () => {
      const { ticket } = await launch();
      await open({ ticket });
      const secrets = [ticket, admin, client.key];

      expect(leaksInLogs(gatehouse, secrets)).toEqual([]);
      expect(gatehouse.logs.filter((line) => line.includes('ticket='))).toEqual([]);
      expect(await leaksInDatabase(gatehouse, secrets)).toEqual([]);
    });
  });
}

/** The forms that the target of a request may have, besides the path (RFC 9112 §3.2). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange } from '../support/raw.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
const warnings: Error[] = [];
const keep = (warning: Error) => warnings.push(warning);
let client: TestClient;

beforeAll(async () => {
  process.on('warning', keep);
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
});
afterAll(() => {
  process.off('warning', keep);
});

const get = (target: string, method = 'GET') =>
  exchange(
    gatehouse.url,
    `${method} ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${client.key}\r\nConnection: close\r\n\r\n`,
  );

describe('a target in absolute form', () => {
  it.each([
    'http://gatehouse.example.com/v1/tenants/acme',
    'HTTPS://other.example/v1/tenants/acme',
    'http://[::1]:8080/v1/tenants/acme?',
  ])('%s is the path in it', async (target) => {
    const answer = await get(target);

    expect(answer.statuses).toEqual([200]);
    expect(answer.body).toContain('"acme"');
  });

  it('without a path is the path /', async () => {
    expect((await get('http://gatehouse.example.com')).statuses).toEqual([404]);
  });

  it.each([
    'http://',
    'http://[::1/v1/tenants/acme',
    'http://x:99999/v1/tenants/acme',
    'http://x:y/launch-portal?ticket=secret',
  ])('%s is malformed', async (target) => {
    const answer = await get(target);

    expect([answer.statuses, answer.closed]).toEqual([[400], true]);
    expect(answer.body).toContain('malformed_request');
  });
});

describe('a target in asterisk form', () => {
  it.each(['OPTIONS', 'GET'])('is no resource: %s', async (method) => {
    expect((await get('*', method)).statuses).toEqual([404]);
  });
});

describe('Node', () => {
  it('warns of none of these', () => {
    expect(warnings).toEqual([]);
  });
});

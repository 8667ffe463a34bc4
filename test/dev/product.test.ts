import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { PEOPLE } from '../../src/dev/product/people.ts';
import { startProduct, type Product } from '../../src/dev/product/product.ts';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-product-'));
let product: Product;

beforeAll(async () => {
  product = await startProduct({
    port: 0,
    host: '127.0.0.1',
    gatehouseUrl: 'http://127.0.0.1:9',
    clientId: 'acme-console',
    clientKey: () => 'key',
    keyDirectory: directory,
    people: PEOPLE,
    mails: () => [],
  });
});
afterAll(async () => {
  await product.stop();
  rmSync(directory, { recursive: true });
});

const tokenOf = (person: string, headers = {}) =>
  fetch(`${product.issuer}/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ person }),
  });

describe('the demo product', () => {
  it('issues a user token for a person, to try Gatehouse-User-Token with', async () => {
    const response = await tokenOf('ada');

    const { payload } = await jwtVerify(
      await response.text(),
      createRemoteJWKSet(new URL(product.jwksUrl)),
      { issuer: product.issuer, audience: 'gatehouse' },
    );
    expect(payload).toMatchObject({ sub: 'ada', tenant_id: 'acme', roles: ['it_admin'] });
  });

  it('names the people it knows to whoever asks for another', async () => {
    const response = await tokenOf('eve');

    expect(response.status).toBe(422);
    expect(await response.text()).toBe('person must be one of ada, max, grace, mo.\n');
  });

  it('says to whoever gets /token that it takes POST', async () => {
    const response = await fetch(`${product.issuer}/token?person=ada`);

    expect(response.status).toBe(405);
    expect(await response.text()).toBe('/token takes POST, not GET.\n');
  });

  it('gives no token to another site', async () => {
    const response = await tokenOf('ada', { 'sec-fetch-site': 'cross-site' });

    expect(response.status).toBe(403);
  });
});

/** Outgoing calls behind a company's proxy. 192.0.2.0/24 is reserved for examples and leads nowhere. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeySet } from '../../src/auth/key-set.ts';
import type { Proxies } from '../../src/core/proxies.ts';
import { Secret } from '../../src/core/secret.ts';
import { createWebhookSender } from '../../src/webhooks/delivery/sender.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startHttpProxy, type HttpProxy } from '../support/http-proxy.ts';
import { startTestApp } from '../support/test-app.ts';

const trusted = tls.getCACertificates('default');
const authority = makeCertificate({ address: [192, 0, 2, 1], authority: true });
const certificate = makeCertificate({ address: [192, 0, 2, 1], issuer: authority });
const ANSWERS: Readonly<Record<string, string>> = {
  '/portal/generate_link': '{"link":"https://setup.workos.com/portal"}',
  '/jwks': '{"keys":[{"kty":"EC","crv":"P-256","kid":"1","use":"sig","x":"AA","y":"AA"}]}',
};
let server: Server;
let proxy: HttpProxy;

beforeAll(async () => {
  tls.setDefaultCACertificates([...trusted, authority.cert]);
  server = createServer(certificate, (request, response) => {
    response.writeHead(request.method === 'POST' ? 201 : 200, {
      'content-type': 'application/json',
    });
    response.end(ANSWERS[request.url ?? ''] ?? '{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  proxy = await startHttpProxy((server.address() as AddressInfo).port);
});
afterAll(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  tls.setDefaultCACertificates(trusted);
});

const through = (except: string[] = []): Proxies => ({ https: new Secret(proxy.url), except });
const askedSince = (before: number) => proxy.asked.slice(before);

describe('HTTPS_PROXY', () => {
  it('carries calls to WorkOS through a tunnel, which hides key and content', async () => {
    const gatehouse = await startTestApp({
      env: {
        WORKOS_API_BASE_URL: 'https://192.0.2.1',
        https_proxy: proxy.url.replace('//', '//me:pass%20word@'),
      },
    });
    try {
      await gatehouse.database.superuser(
        `insert into tenants (id, organization_id, status, name, domains, metadata)
         values ('acme', 'org_01', 'active', 'Acme', '[]', '{}')`,
      );
      const client = await gatehouse.createClient();

      const link = await gatehouse
        .as(client, await gatehouse.userToken())
        .post('/portal/generate_link')
        .send({ organization: 'acme', intent: 'sso' });

      expect([link.status, link.body]).toEqual([201, { link: 'https://setup.workos.com/portal' }]);
      expect(proxy.asked).toContain('CONNECT 192.0.2.1:443');
      expect(proxy.authorization()).toBe(`Basic ${btoa('me:pass word')}`);
      expect(proxy.bytes().includes('sk_')).toBe(false);
      expect(proxy.bytes().includes('org_01')).toBe(false);
    } finally {
      await gatehouse.stop();
    }
  });

  it('carries the keys of token issuers', async () => {
    const before = proxy.asked.length;
    const keys = createKeySet({ url: new URL('https://192.0.2.1/jwks'), proxies: through() });

    expect(await keys.isUsable()).toBe(true);
    expect(askedSince(before)).toEqual(['CONNECT 192.0.2.1:443']);
  });

  it('carries deliveries, and the proxy resolves their hosts', async () => {
    const before = proxy.asked.length;
    const proxies = { http: new Secret(proxy.url), except: [] };
    const sender = createWebhookSender({ isAllowed: () => true, proxies });

    const { outcome } = await sender.send('http://orders.internal.example/hook', {}, '{}');

    expect(outcome).toBe('delivered');
    expect(askedSince(before)).toEqual(['POST http://orders.internal.example/hook']);
    await sender.close();
  });

  it('is not used for hosts of NO_PROXY and for loopback, whose addresses are checked as ever', async () => {
    const before = proxy.asked.length;
    const sender = createWebhookSender({
      isAllowed: () => true,
      proxies: through(['.internal.example']),
      resolve: (_host, done) => {
        done(null, [{ address: '169.254.169.254', family: 4 }]);
      },
    });

    const refused = await sender.send('https://orders.internal.example/hook', {}, '{}');
    const loopback = await sender.send('http://127.0.0.1:1/hook', {}, '{}');

    expect([refused.outcome, loopback.outcome]).toEqual(['address_refused', 'connection_refused']);
    expect(askedSince(before)).toEqual([]);
    await sender.close();
  });
});

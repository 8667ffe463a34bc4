/** The way to WorkOS: certificates are checked, and one that leads nowhere is said to. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCertificate, type Certificate } from '../../support/certificate.ts';
import { createLaunch, openLaunchPage } from '../../support/portal-calls.ts';
import { startTestApp, type TestApp, type TestClient } from '../../support/test-app.ts';

const HERE = [127, 0, 0, 1] as const;
const DAY_MS = 86_400_000;

const insertTenant = (gatehouse: TestApp) =>
  gatehouse.database.superuser(
    `insert into tenants (id, organization_id, status, name, domains, metadata)
     values ('acme', 'org_01', 'active', 'Acme', '[]', '{}')`,
  );

const generateLink = async (gatehouse: TestApp, client: TestClient) =>
  gatehouse
    .as(client, await gatehouse.userToken())
    .post('/portal/generate_link')
    .send({ organization: 'acme', intent: 'sso' });

describe('the certificate of WorkOS', () => {
  const authority = makeCertificate({ address: HERE, authority: true });
  const good = makeCertificate({ address: HERE, issuer: authority });
  const trusted = tls.getCACertificates('default');
  let gatehouse: TestApp;
  let client: TestClient;
  let server: Server;
  let requests = 0;

  beforeAll(async () => {
    tls.setDefaultCACertificates([...trusted, authority.cert]);
    server = createServer(good, (_req, res) => {
      requests += 1;
      res.writeHead(201, { 'content-type': 'application/json', connection: 'close' });
      res.end('{"link":"https://setup.workos.com/portal"}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    gatehouse = await startTestApp({ env: { WORKOS_API_BASE_URL: `https://127.0.0.1:${port}` } });
    client = await gatehouse.createClient();
    await insertTenant(gatehouse);
  });
  afterAll(async () => {
    await gatehouse.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    tls.setDefaultCACertificates(trusted);
  });

  const BAD: [string, () => Certificate][] = [
    ['signed by itself', () => makeCertificate({ address: HERE })],
    [
      'of an authority nobody trusts',
      () =>
        makeCertificate({
          address: HERE,
          issuer: makeCertificate({ address: HERE, authority: true }),
        }),
    ],
    ['for another host', () => makeCertificate({ address: [127, 0, 0, 2], issuer: authority })],
    [
      'that has expired',
      () =>
        makeCertificate({
          address: HERE,
          issuer: authority,
          notBefore: new Date(Date.now() - 2 * DAY_MS),
          notAfter: new Date(Date.now() - DAY_MS),
        }),
    ],
    [
      'that is not valid yet',
      () =>
        makeCertificate({
          address: HERE,
          issuer: authority,
          notBefore: new Date(Date.now() + DAY_MS),
          notAfter: new Date(Date.now() + 2 * DAY_MS),
        }),
    ],
  ];

  it.each(BAD)('is refused before a request is sent: %s', async (_case, make) => {
    server.setSecureContext(make());
    const before = requests;

    const answers = [
      await generateLink(gatehouse, client),
      await gatehouse.as(client).put('/v1/tenants/new').send({ name: 'New' }),
    ];

    for (const { status, body, text } of answers) {
      expect([status, (body as { code: string }).code]).toEqual([502, 'upstream_unreachable']);
      expect(text).not.toMatch(/certificate|CERT|127\.0\.0/);
    }
    expect(requests).toBe(before);
  });

  it('is accepted when it is valid', async () => {
    server.setSecureContext(good);

    const answer = await generateLink(gatehouse, client);

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ link: 'https://setup.workos.com/portal' });
  });

  it('has its fault named to the operator', () => {
    const causes = gatehouse.logs.join('');

    expect(causes).toContain('CERT_HAS_EXPIRED');
    expect(causes).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });
});

describe('an unreachable WorkOS', () => {
  const started: TestApp[] = [];
  afterAll(() => Promise.all(started.map((gatehouse) => gatehouse.stop())));

  it.each([
    ['a port where nobody listens', 'http://127.0.0.1:1'],
    ['a name that does not exist', 'https://workos.invalid'],
  ])('is reported as unreachable: %s', async (_case, baseUrl) => {
    const gatehouse = await startTestApp({ env: { WORKOS_API_BASE_URL: baseUrl } });
    started.push(gatehouse);
    const client = await gatehouse.createClient();
    await insertTenant(gatehouse);
    const { ticket } = await createLaunch(gatehouse, client);

    const answer = await generateLink(gatehouse, client);
    const page = await openLaunchPage(gatehouse.url, { ticket });

    expect([answer.status, (answer.body as { code: string }).code]).toEqual([
      502,
      'upstream_unreachable',
    ]);
    expect([page.status, page.headers.location]).toEqual([502, undefined]);
  });
});

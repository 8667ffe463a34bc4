/** What production runs: `npm run build` leaves out parts of libraries, and loads others late. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeCertificate } from '../../support/certificate.ts';
import { startCollector, type Collector } from '../../support/collector.ts';
import { startFaultWorld, type FaultWorld } from '../../support/fault-world.ts';
import { serve, startBundle, type Server } from '../../support/gatehouse-process.ts';
import { startIssuer, type Issuer } from '../../support/issuer.ts';
import { exchange } from '../../support/raw.ts';
import { waitFor } from '../../support/wait-for.ts';

const LOOPBACK = [127, 0, 0, 1] as const;
const authority = makeCertificate({ address: LOOPBACK, authority: true });
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bundle-'));

let world: FaultWorld;
let collector: Collector;
let issuer: Issuer;
let keys: Http2SecureServer;
let server: Server;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['docker/build.mjs']);
  [world, collector, issuer] = await Promise.all([
    startFaultWorld(),
    startCollector(),
    startIssuer(),
  ]);
  keys = createSecureServer(makeCertificate({ address: LOOPBACK, issuer: authority }));
  keys.on('request', (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [issuer.publicJwk] }));
  });
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  const trusted = join(directory, 'ca.pem');
  writeFileSync(trusted, authority.cert);
  const env = {
    ...world.env,
    NODE_EXTRA_CA_CERTS: trusted,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    USER_TOKEN_ISSUER: issuer.url,
    USER_TOKEN_AUDIENCE: 'gatehouse',
    USER_TOKEN_JWKS_URL: `https://127.0.0.1:${(keys.address() as AddressInfo).port}`,
  };
  server = await serve(env, startBundle);
  await server.ready();
}, 120_000);
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  keys.close();
  await Promise.all([world.stop(), collector.stop(), issuer.stop()]);
  rmSync(directory, { recursive: true });
});

it('verifies the tokens of an issuer that speaks HTTP/2 only', async () => {
  const tenant = await world.call(server.url, 'PUT', '/v1/tenants/acme', { name: 'Acme' });
  const claims = { aud: 'gatehouse', sub: 'ada', tenant_id: 'acme', roles: ['it_admin'] };

  const link = await fetch(`${server.url}/portal/generate_link`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.client.key}`,
      'content-type': 'application/json',
      'gatehouse-user-token': await issuer.sign(claims),
    },
    body: JSON.stringify({ organization: 'acme', intent: 'sso' }),
  });

  expect([tenant.status, link.status]).toEqual([201, 201]);
});

it('writes nothing beside its logs about targets that only url.parse would read', async () => {
  for (const target of ['http://[::1/launch-portal?ticket=secret', 'http://x/launch-portal', '*'])
    await exchange(server.url, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

  expect([server.err(), server.out()].join('')).not.toMatch(/Warning|secret/);
});

it('exports traces, and writes nothing beside its logs', async () => {
  await waitFor(() => collector.spans().length > 0, { withinMs: 20_000 });

  expect(server.err()).toBe('');
});

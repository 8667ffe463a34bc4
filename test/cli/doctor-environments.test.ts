/** Faults of an environment that need nothing but other settings. */
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { makeCertificate } from '../support/certificate.ts';
import { findingsOf, gatehouse, useDoctor } from './doctor-setup.ts';

useDoctor();

const page = createServer((_req, res) => res.end('<h1>Hello</h1>'));
let pageUrl: string;
const ownAuthority = createTlsServer(makeCertificate({ address: [127, 0, 0, 1] }));
let ownAuthorityUrl: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => ownAuthority.listen(0, '127.0.0.1', resolve));
  ownAuthorityUrl = `https://127.0.0.1:${(ownAuthority.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  pageUrl = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`;
});
afterAll(() => {
  page.close();
  ownAuthority.close();
});

interface Broken {
  readonly title: string;
  readonly settings: () => Record<string, string> | Promise<Record<string, string>>;
  readonly check: string;
  readonly level?: 'fault' | 'warning';
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    title: 'TLS is asked for and Postgres has none',
    settings: () => ({ DATABASE_URL: `${gatehouse.database.url}?sslmode=verify-full` }),
    check: 'database',
    says: /it offers no TLS/,
    remedy: /^Turn on TLS in Postgres \(ssl = on\), or correct sslmode in DATABASE_URL/,
  },
  {
    title: 'the key set of user tokens is a page',
    settings: () => ({
      USER_TOKEN_ISSUER: 'http://127.0.0.1',
      USER_TOKEN_AUDIENCE: 'gatehouse',
      USER_TOKEN_JWKS_URL: pageUrl,
    }),
    check: 'user tokens',
    says: /does not answer with keys: no JSON$/,
    remedy: /jwks_uri/,
  },
  {
    title: 'the file of own certificate authorities is missing',
    settings: () => ({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' }),
    check: 'certificates',
    says: /NODE_EXTRA_CA_CERTS cannot be read \(ENOENT\)/,
    remedy: /^Mount the file/,
  },
  {
    title: 'no collector of traces listens',
    settings: async () => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}/otel`,
    }),
    check: 'traces',
    level: 'warning',
    says: /^the collector at 127.0.0.1:\d+ cannot be reached, so traces are lost: nothing listens/,
    remedy: /4318/,
  },
  {
    title: 'the certificate of PUBLIC_URL is signed by an authority that only browsers know',
    settings: () => ({ PUBLIC_URL: ownAuthorityUrl }),
    check: 'public URL',
    level: 'warning',
    says: /^this machine does not trust https:.*: its certificate is signed by no known authority/,
    remedy: /^Open it in a browser: .* NODE_EXTRA_CA_CERTS\.$/,
  },
  {
    title: 'PUBLIC_URL does not resolve inside the cluster',
    settings: () => ({ PUBLIC_URL: 'https://gatehouse.invalid' }),
    check: 'public URL',
    level: 'warning',
    says: /cannot be reached from here: its host name does not resolve/,
    remedy: /^Open it in a browser: if Gatehouse answers there, .* does no harm/,
  },
  {
    title: 'a secret is in quotes',
    settings: () => ({ WORKOS_API_KEY: '"sk_test_LEAKED"' }),
    check: 'settings',
    says: /^WORKOS_API_KEY: must be a WorkOS API key, .*; remove the quotes around it$/,
    remedy: /docs\/settings.md/,
  },
  {
    title: 'a key is in hex',
    settings: () => ({ GATEHOUSE_KEYS: 'ab'.repeat(32) }),
    check: 'settings',
    says: /^GATEHOUSE_KEYS: must be base64 of 32 bytes each, .*; create one with openssl rand -base64 32$/,
    remedy: /docs\/settings.md/,
  },
];

describe('gatehouse doctor', () => {
  it.each(BROKEN.map((one) => [one.title, one] as const))(
    'says what to do when %s',
    async (_title, { settings, check, level = 'fault', says, remedy }) => {
      const findings = await findingsOf(check, await settings());

      expect(findings).toEqual([
        {
          check,
          level,
          says: expect.stringMatching(says),
          remedy: expect.stringMatching(remedy),
        },
      ]);
      expect(JSON.stringify(findings)).not.toContain('LEAKED');
    },
  );

  it('is content with a collector that answers anything', async () => {
    expect(await findingsOf('traces', { OTEL_EXPORTER_OTLP_ENDPOINT: pageUrl })).toMatchObject([
      { level: 'ok' },
    ]);
  });
});

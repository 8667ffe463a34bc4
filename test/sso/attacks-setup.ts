import { randomBytes } from 'node:crypto';
import { beforeAll, expect } from '@jest/globals';
import { pino } from 'pino';
import { startGateway, type Gatehouse } from '../../src/process/gateway.ts';
import { Secret } from '../../src/core/secret.ts';
import { connect, REDIRECT_URI, TOKEN, type Page } from '../support/sign-in.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export let gatehouse: TestApp;
export let client: TestClient;
export let other: TestClient;
/** The client to which IdP-initiated logins are redirected by default. */
export let signInClient: TestClient;
export let connection: string;

export function newKey(): Secret {
  return new Secret(randomBytes(32).toString('base64'));
}

/** A sealed text with its last two characters changed: one in 256 ends in AA already. */
export const tampered = (sealed: string): string =>
  sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BA' : 'AA');

export const tokenRequests = () => gatehouse.workos.requestsTo(TOKEN).length;

export const expectPage = (page: Page, status: number, heading: string): void => {
  expect(page.status).toBe(status);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.location).toBeUndefined();
  expect(page.setCookie).toEqual([]);
  expect(page.text).toContain(`<h1>${heading}</h1>`);
};

/** Runs another Gatehouse on the same database, with other settings. */
export const withReplica = async (
  change: Partial<TestApp['config']>,
  use: (url: string) => Promise<void>,
): Promise<void> => {
  const replica: Gatehouse = await startGateway(
    { ...gatehouse.config, ...change },
    pino({ level: 'silent' }),
  );
  try {
    await replica.ready;
    await use(`http://127.0.0.1:${replica.port}`);
  } finally {
    await replica.stop();
  }
};

/** Refuses new rows in the audit trail until `during` is done. */
export const withoutAudit = async (during: () => Promise<void>): Promise<void> => {
  const { superuser } = gatehouse.database;
  await superuser(`
    create function refuse_row() returns trigger language plpgsql as
      $$ begin raise exception 'refused' using errcode = '53100'; end $$;
    create trigger refuse_row before insert on audit_trail for each row
      execute function refuse_row();`);
  try {
    await during();
  } finally {
    await superuser('drop function refuse_row cascade');
  }
};

export function useSsoAttacks(): void {
  gatehouse = useGatehouse({
    replicas: 3,
    env: {
      GATEHOUSE_KEYS: newKey().reveal(),
      DEFAULT_SIGN_IN_CLIENT: 'front-door',
      TRUST_PROXY: '127.0.0.1/32',
    },
  });
  beforeAll(async () => {
    client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    other = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    signInClient = await gatehouse.createClient({
      id: 'front-door',
      redirectUris: [REDIRECT_URI],
      initiateLoginUri: 'https://app.example.com/login?via=sso',
    });
    for (const tenant of ['acme', 'beta', 'gamma']) await gatehouse.provision(tenant);
    connection = await connect(gatehouse, 'acme');
    await connect(gatehouse, 'beta');
  });
}

import { afterEach, beforeEach } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import {
  startFakeWorkos,
  type FakeWorkos,
  type FakeWorkosOptions,
  type Profile,
} from '../../src/dev/fake-workos/server.ts';

export const MINUTE = 60_000;
export const REDIRECT_URI = 'https://gatehouse.test/sso/callback';
export let fake: FakeWorkos;
export let workos: WorkOS;
export let clock: Date;
export let organization: string;
export let connection: string;

export async function start(options: FakeWorkosOptions = {}): Promise<void> {
  fake = await startFakeWorkos({ now: () => clock, ...options });
  workos = new WorkOS(fake.apiKey, {
    apiHostname: '127.0.0.1',
    port: fake.port,
    https: false,
    maxRetries: 0,
  });
}

export function pass(milliseconds: number): void {
  clock = new Date(clock.getTime() + milliseconds);
}

/** Gives the tests another organization and its connection. */
export async function newConnection(name: string): Promise<void> {
  organization = (await workos.organizations.createOrganization({ name })).id;
  connection = fake.addConnection(organization).id;
}

/** An authorization URL of the connection; null leaves a parameter out. */
export function authorizeUrl(changes: Record<string, string | null> = {}): string {
  const url = new URL('/sso/authorize', fake.url);
  const asked: Record<string, string | null> = {
    client_id: fake.clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    state: 'the state',
    connection,
    ...changes,
  };
  for (const [name, value] of Object.entries(asked))
    if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

export async function codeOf(url = authorizeUrl(), user?: Partial<Profile>): Promise<string> {
  const back = await fake.signIn(url, user ? { user } : {});
  return back.searchParams.get('code') ?? '';
}

export function exchange(code: string, codeVerifier?: string) {
  const verifier = codeVerifier === undefined ? {} : { codeVerifier };
  return workos.sso.getProfileAndToken({ clientId: fake.clientId, code, ...verifier });
}

export function useFakeSso(): void {
  beforeEach(async () => {
    clock = new Date('2026-11-22T12:00:00.000Z');
    await start();
    await newConnection('Acme & Sons');
  });
  afterEach(() => fake.stop());
}

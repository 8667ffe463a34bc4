import { afterEach, beforeEach } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import {
  startFakeWorkos,
  type FakeWorkos,
  type FakeWorkosOptions,
} from '../../src/dev/fake-workos/server.ts';

export const MINUTE = 60_000;
export let fake: FakeWorkos;
export let workos: WorkOS;
export let clock: Date;

export async function start(options: FakeWorkosOptions = {}): Promise<void> {
  fake = await startFakeWorkos({ now: () => clock, ...options });
  workos = sdk(fake.apiKey);
}

export function sdk(key: string): WorkOS {
  return new WorkOS(key, {
    apiHostname: '127.0.0.1',
    port: fake.port,
    https: false,
    maxRetries: 0,
  });
}

export function pass(milliseconds: number): void {
  clock = new Date(clock.getTime() + milliseconds);
}

export function useFakeAndClock(): void {
  beforeEach(async () => {
    clock = new Date('2026-11-22T12:00:00.000Z');
    await start();
  });
  afterEach(() => fake.stop());
}

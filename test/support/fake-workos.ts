/** A fake WorkOS for each test of a file, the SDK that drives it, and a clock that stands. */
import { afterEach, beforeEach, expect } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { operations } from '../../src/dev/fake-workos/operations.ts';
import { route } from '../../src/dev/fake-workos/http/router.ts';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { outsideTheSpec, unspecified } from './fake-workos-differences.ts';
import { specValidator } from './spec-validator.ts';

export interface FakeAndSdk {
  fake: FakeWorkos;
  workos: WorkOS;
  clock: Date;
  /** Moves the clock on. */
  pass(milliseconds: number): void;
}

/**
 * Call it once at the top of a file; what it returns is new before each test. A test fails as well
 * where the SDK was given an answer that the official specification does not allow.
 */
export function useFakeWorkos(): FakeAndSdk {
  const { fetchFn, faults } = judgedFetch();
  const world = {
    pass: (milliseconds: number) => {
      world.clock = new Date(world.clock.getTime() + milliseconds);
    },
  } as FakeAndSdk; // complete once the first test begins
  beforeEach(async () => {
    world.clock = new Date('2026-11-22T12:00:00.000Z');
    world.fake = await startFakeWorkos({ now: () => world.clock });
    world.workos = new WorkOS(world.fake.apiKey, {
      apiHostname: '127.0.0.1',
      port: world.fake.port,
      https: false,
      maxRetries: 0,
      fetchFn,
    });
  });
  afterEach(async () => {
    await world.fake.stop();
    expect(faults.splice(0)).toEqual([]);
  });
  return world;
}

function judgedFetch(): { fetchFn: typeof fetch; faults: string[] } {
  const validator = specValidator();
  const faults: string[] = [];
  const fetchFn: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const response = await fetch(request);
    const { status } = response;
    const path = new URL(request.url).pathname;
    const known = route(operations, { method: request.method, path });
    const operation = `${request.method} ${known?.operation.path ?? path}`;
    if (operation in unspecified || `${operation} ${status}` in outsideTheSpec) return response;
    const text = await response.clone().text();
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    faults.push(
      ...validator.faultsOf({ operation, status, body }).map((f) => `${operation}: ${f}`),
    );
    return response;
  };
  return { fetchFn, faults };
}

interface Page<Item> {
  data: Item[];
  listMetadata: { before?: string | null | undefined; after?: string | null | undefined };
}

/** Reads a list of five, two at a time, forth and back; what it returns is `{ forth, back }`. */
export async function bothWays<Item>(
  list: (page: { limit: number; after?: string; before?: string }) => Promise<Page<Item>>,
): Promise<{ forth: Item[][]; back: Item[][] }> {
  const pages = async (direction: 'after' | 'before', start: string | undefined) => {
    const read: Item[][] = [];
    let cursor = start;
    do {
      const page = await list({ limit: 2, ...(cursor !== undefined && { [direction]: cursor }) });
      read.push(page.data);
      cursor = page.listMetadata[direction] ?? undefined;
      last = page.listMetadata.before ?? last;
    } while (cursor !== undefined);
    return read;
  };
  let last: string | undefined;
  const forth = await pages('after', undefined);
  return { forth, back: await pages('before', last) };
}

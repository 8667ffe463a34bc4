import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCaller, type Answer, type Call, type Caller } from '../support/http-caller.ts';
import { callOf, operations, type Operation } from '../support/operations.ts';
import { stateOf } from '../support/state.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { problemType } from '../support/problem-type.ts';
import { within } from '../support/within.ts';

export type Headers = Record<string, string>;

let gatehouse: TestApp;
let caller: Caller;
let before: unknown;
export let headers: Headers;

/** Milliseconds of every request of the test file. */
let times: number[] = [];

export async function send(call: Call): Promise<Answer> {
  const since = performance.now();
  const answer = await caller.send(call);
  times.push(performance.now() - since);
  return answer;
}

/** The operation as it should be, but for its body. */
export const withBody = (operation: Operation, body: string | Buffer, more: Headers = {}) =>
  send({ ...callOf(operation, { tenant: 'acme' }, { ...headers, ...more }), body });

export const withJson = (operation: Operation, body: unknown) =>
  withBody(operation, JSON.stringify(body));

export const operationOf = (id: string): Operation =>
  operations.find((operation) => operation.id === id) ?? ({} as Operation);

const isNative = ({ endpoint }: Operation) => endpoint.path.startsWith('/v1/');

/** What an error must have in any case, and what this one must be. */
export function expectProblem(
  { status, headers: given, json, text }: Answer,
  expected: { status: number; code: string; type?: string; field?: string },
): void {
  expect([status, json.code]).toEqual([expected.status, expected.code]);
  expect(given['content-type']).toBe(expected.type ?? 'application/problem+json');
  expect(json).toMatchObject({
    type: problemType(expected.code.replaceAll('_', '-')),
    title: expect.stringMatching(/./),
    status: expected.status,
    detail: expect.stringMatching(/./),
    instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    message: json.detail,
  });
  expect(json.instance).toBe(`urn:uuid:${String(given['x-request-id'])}`);
  expect(text.length).toBeLessThan(8_192);
  if (expected.field !== undefined)
    expect(json.errors?.map(({ field }) => field)).toContain(expected.field);
}

export const typeOf = (operation: Operation) =>
  isNative(operation) ? 'application/problem+json' : 'application/json';

export const launch = { tenant_id: 'acme', intent: 'sso' };
export const long = (length: number) => 'x'.repeat(length);

/**
 * An update without a field is valid, and these objects do not exist: that is found out by asking
 * WorkOS, which leaves rows of its own.
 */
const UPDATES_OF_NOTHING = new Set([
  'updateUser',
  'updateGroup',
  'updateRole',
  'updateOrganizationRole',
  'updatePermission',
]);

function withoutTries(state: unknown): unknown {
  const { audit_trail: rows, ...rest } = state as State;
  const others = rows.filter(
    ({ operation, outcome }) => !UPDATES_OF_NOTHING.has(operation) || outcome === 'succeeded',
  );
  return { ...rest, audit_trail: others, requestsToWorkos: undefined };
}

interface State {
  readonly audit_trail: readonly { readonly operation: string; readonly outcome: string }[];
}

export function useBadInput(): void {
  beforeAll(async () => {
    times = [];
    gatehouse = await startTestApp();
    caller = createCaller(gatehouse.url);
    const client = await gatehouse.createClient();
    await gatehouse.provision('acme');
    headers = {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': await gatehouse.userToken(),
    };
    before = await stateOf(gatehouse);
  });
  afterAll(async () => {
    await caller.close();
    await gatehouse.stop();
  });
}

export function itChangedNothing(): void {
  describe('all of these', () => {
    it('changed nothing, here or at WorkOS', async () => {
      expect(withoutTries(await stateOf(gatehouse))).toEqual(withoutTries(before));
    });

    it('were answered in a moment', () => {
      const slowest = times.toSorted((a, b) => b - a);

      // The first requests of a kind may have met a garbage collection.
      expect(slowest[5]).toBeLessThan(within(200));
    });

    it('left the service as it was', async () => {
      const answer = await withJson(operationOf('createPortalLaunch'), launch);

      expect(answer.status).toBe(201);
    });
  });
}

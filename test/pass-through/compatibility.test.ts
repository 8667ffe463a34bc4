import { beforeAll, describe, expect, it } from '@jest/globals';
import { expectCommitted } from '../support/committed-docs.ts';
import {
  GENERATIONS,
  type Call,
  type Generation,
  type Sdk,
} from '../support/compatibility/call.ts';
import { calls } from '../support/compatibility/calls.ts';
import { RESOURCES, nameIn } from '../support/compatibility/names.ts';
import { ownCalls } from '../support/compatibility/feeds.ts';
import {
  argsOfNotOffered,
  local,
  notOffered,
  operationOf,
  operationsOfMethods,
} from '../support/compatibility/not-offered.ts';
import { methodsOf } from '../support/compatibility/sdk-operations.ts';
import { isOffered } from '../support/compatibility/offered.ts';
import { compare, has, type Comparison } from '../support/compatibility/run.ts';
import { sample } from '../support/sample.ts';
import { compatibilityTable, withoutSdks } from '../support/compatibility/table.ts';
import { unconnected } from '../support/compatibility/worlds.ts';

const FILE = 'docs/compatibility.md';
const sdks: Readonly<Record<Generation, Sdk>> = {
  7: unconnected(7),
  8: unconnected(8),
  11: unconnected(11),
};
/** The newest in the default suite. */
const COMPARED = sample(GENERATIONS, 3, 1);
const comparisons = new Map<Generation, Comparison>();

beforeAll(async () => {
  const made = COMPARED.map(async (generation) =>
    comparisons.set(
      generation,
      await compare(generation, { calls, ownCalls, missing: argsOfNotOffered }),
    ),
  );
  await Promise.all(made);
  // Every call of three SDKs, which takes a busy machine minutes.
}, 600_000);

const nameOf = ({ method, when }: Call) => [method, when].filter(Boolean).join(', ');
describe.each(COMPARED)('SDK %i', (generation) => {
  const sdk = sdks[generation];
  const ofThis = calls.filter(({ method }) => has(sdk, generation, method));
  const named = ofThis.map((call) => [nameOf(call), call] as const);
  const outcomesOf = (call: Call) => {
    const one = comparisons.get(generation)?.compared.get(call);
    if (!one) throw new Error('The call was not made.');
    return one;
  };

  it.each(named.filter(([, { differs }]) => !differs))(
    'gets the same through the gateway as from WorkOS: %s',
    (_name, call) => {
      const { direct, gateway } = outcomesOf(call);

      expect(gateway).toEqual(direct);
    },
  );

  it.each(named.filter(([, { differs }]) => differs))(
    'gets a different result on purpose: %s',
    (_name, call) => {
      const { direct, gateway } = outcomesOf(call);

      expect(gateway).toMatchObject(call.differs?.gateway ?? {});
      expect(direct).not.toMatchObject(call.differs?.gateway ?? {});
    },
  );

  it.each(notOffered.filter((method) => has(sdk, generation, method)))(
    'gets 501 for an operation that the gateway does not offer: %s',
    (method) => {
      const outcome = comparisons.get(generation)?.refused.get(method);

      expect(outcome?.error).toMatchObject({ status: 501 });
    },
  );

  it.each(ownCalls.filter(({ method }) => has(sdk, generation, method)))(
    'is answered by the gateway itself: $method',
    (call) => {
      expect(comparisons.get(generation)?.own.get(call)).toHaveProperty('wire.0.status');
    },
  );
});

describe.each(GENERATIONS)('SDK %i', (generation) => {
  const sdk = sdks[generation];

  it('has no method of these resources without a call in test/support/compatibility', () => {
    const known = [
      ...[...calls, ...ownCalls].map(({ method }) => method),
      ...notOffered,
      ...Object.keys(local),
    ];
    const compared = new Set(known.map((method) => nameIn(generation, method)));
    const resources = RESOURCES.map((resource) => nameIn(generation, resource));
    const all = methodsOf(sdk).filter((method) => resources.includes(method.split('.')[0] ?? ''));

    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((method) => !compared.has(method))).toEqual([]);
  });
});

describe('every method of SDK 11', () => {
  const made = new Set([...calls, ...ownCalls].map(({ method }) => method));
  const whose = (is: (operation: string | undefined) => boolean) =>
    [...operationsOfMethods].filter(([, operation]) => is(operation)).map(([method]) => method);

  it('has a call in test/support/compatibility if the gateway offers its operation', () => {
    const offered = whose((operation) => operation !== undefined && isOffered(operation));

    expect(offered.length).toBeGreaterThan(110);
    expect(offered.filter((method) => !made.has(method))).toEqual([]);
  });

  it('makes a request, or is known to make none', () => {
    const none = whose((operation) => operation === undefined);

    expect(none.filter((method) => !(method in local))).toEqual([]);
    expect(whose((operation) => operation !== undefined).filter((one) => one in local)).toEqual([]);
  });
});

describe('docs/compatibility.md', () => {
  it('contains the results of these calls', async () => {
    const methods = { notOffered, operationsOfMethods, operationOf, local };
    const facts = { calls, ownCalls, sdks, comparisons, ...methods };
    const left = GENERATIONS.filter((generation) => !COMPARED.includes(generation));
    await expectCommitted(FILE, compatibilityTable(facts), {
      proseWrap: 'preserve',
      partOf: (markdown) => withoutSdks(markdown, left),
    });
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import {
  GENERATIONS,
  type Call,
  type Generation,
  type Sdk,
} from '../support/compatibility/call.ts';
import { calls } from '../support/compatibility/calls.ts';
import { RESOURCES, nameIn } from '../support/compatibility/names.ts';
import { local, notOffered } from '../support/compatibility/not-offered.ts';
import { compare, has, type Comparison } from '../support/compatibility/run.ts';
import { compatibilityTable } from '../support/compatibility/table.ts';
import { unconnected } from '../support/compatibility/worlds.ts';

const FILE = 'docs/compatibility.md';
const sdks: Readonly<Record<Generation, Sdk>> = {
  7: unconnected(7),
  8: unconnected(8),
  11: unconnected(11),
};
const comparisons = new Map<Generation, Comparison>();

beforeAll(async () => {
  const made = GENERATIONS.map(async (generation) =>
    comparisons.set(generation, await compare(generation, calls, notOffered)),
  );
  await Promise.all(made);
}, 60_000);

const nameOf = ({ method, when }: Call) => [method, when].filter(Boolean).join(', ');
const methods = (sdk: Sdk, resource: string): string[] =>
  (sdk[resource] ? Object.getOwnPropertyNames(Object.getPrototypeOf(sdk[resource])) : [])
    .filter((name) => name !== 'constructor')
    .map((name) => `${resource}.${name}`);

describe.each(GENERATIONS)('SDK %i', (generation) => {
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

  it.each(Object.keys(notOffered).filter((method) => has(sdk, generation, method)))(
    'gets 501 for an operation that the gateway does not offer: %s',
    (method) => {
      const outcome = comparisons.get(generation)?.refused.get(method);

      expect(outcome?.error).toMatchObject({ status: 501 });
    },
  );

  it('has no uncompared method of these resources', () => {
    const known = [
      ...calls.map(({ method }) => method),
      ...Object.keys({ ...notOffered, ...local }),
    ];
    const compared = new Set(known.map((method) => nameIn(generation, method)));
    const all = RESOURCES.flatMap((resource) => methods(sdk, nameIn(generation, resource)));

    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((method) => !compared.has(method))).toEqual([]);
  });
});

describe('docs/compatibility.md', () => {
  it('contains the results of these calls (UPDATE_DOCS=1 rewrites it)', async () => {
    const facts = { calls, sdks, comparisons, notOffered: Object.keys(notOffered), local };
    const style = { ...(await resolveConfig(FILE)), parser: 'markdown' };
    const table = await format(compatibilityTable(facts), style);

    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(FILE, table);
    expect(readFileSync(FILE, 'utf8')).toBe(table);
  });
});

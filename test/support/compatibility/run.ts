/** Makes the calls in both worlds, one after another, and says what came of each. */
import { isDeepStrictEqual } from 'node:util';
import { createComparable, type Comparable, type Names } from './equal.ts';
import type { Args, Call, Exchange, Generation, Outcome, Sdk, World } from './call.ts';
import { nameIn } from './names.ts';
import { createWorlds } from './worlds.ts';

export interface Compared {
  readonly call: Call;
  readonly direct: Outcome;
  readonly gateway: Outcome;
}

export interface Comparison {
  readonly compared: ReadonlyMap<Call, Compared>;
  /** Of calls that the gateway answers by itself. */
  readonly own: ReadonlyMap<Call, Outcome>;
  /** Method → what the gateway says of what it does not offer. */
  readonly refused: ReadonlyMap<string, Outcome>;
}

export interface ToMake {
  readonly calls: readonly Call[];
  readonly ownCalls: readonly Call[];
  /** What the gateway does not offer. */
  readonly missing: Readonly<Record<string, Args>>;
}

/** All that a generation of the SDK has of this. @param tenants of the gateway's client. Default: every one */
export async function compare(
  generation: Generation,
  { calls, ownCalls, missing }: ToMake,
  tenants?: readonly string[],
): Promise<Comparison> {
  const { direct, gateway, stop } = await createWorlds(generation, tenants);
  try {
    const own = await outcomes(generation, gateway, ownCalls);
    const [atWorkos, behind] = await Promise.all([
      outcomes(generation, direct, calls),
      outcomes(generation, gateway, calls),
    ]);
    const refused = await refusals(generation, gateway, missing);
    const compared = new Map<Call, Compared>();
    for (const [call, outcome] of atWorkos) {
      const other = behind.get(call) ?? { wire: [], reached: [] };
      const direct = { ...outcome, reached: [] };
      compared.set(call, {
        call,
        direct,
        gateway: asFarAs(call, outcome, { ...other, reached: [] }),
      });
    }
    return { compared, own, refused };
  } finally {
    await stop();
  }
}

/** The gateway gives every error a code; where WorkOS gives none, there is nothing to compare it with. */
export function asFarAs({ differs }: Call, { error: theirs }: Outcome, outcome: Outcome): Outcome {
  if (differs || !outcome.error || !theirs || theirs.code !== undefined) return outcome;
  const { name, status } = outcome.error;
  return { ...outcome, error: { name, ...(status && { status }) } };
}

/** Whether both worlds gave the same, or what was meant to differ did. */
export function isSame({ direct, gateway }: Compared): boolean {
  return isDeepStrictEqual(direct, gateway);
}

/** Whether an SDK has what SDK 11 calls so. */
export function has(sdk: Sdk, generation: Generation, method: string): boolean {
  const [resource = '', name = ''] = nameIn(generation, method).split('.');
  return typeof sdk[resource]?.[name] === 'function';
}

/** Makes the calls that the SDK has in one world. */
export async function outcomes(
  generation: Generation,
  world: World,
  calls: readonly Call[],
): Promise<Map<Call, Outcome>> {
  const names = namesOf(world);
  const comparable = createComparable(names);
  const made = new Map<Call, Outcome>();
  for (const call of calls)
    if (has(world.sdk, generation, call.method))
      // What differs must not count in what follows.
      made.set(
        call,
        await outcomeOf(
          generation,
          world,
          call,
          call.differs ? createComparable(names) : comparable,
        ),
      );
  return made;
}

async function refusals(
  generation: Generation,
  world: World,
  missing: Readonly<Record<string, Args>>,
): Promise<Map<string, Outcome>> {
  const there = Object.entries(missing).filter(([method]) => has(world.sdk, generation, method));
  const made = there.map(async ([method, args]): Promise<[string, Outcome]> => {
    const act = async () =>
      asked(await invoke(world, nameIn(generation, method), await args(world)));
    return [method, { ...(await settled(act)), wire: [], reached: [] }];
  });
  return new Map(await Promise.all(made));
}

/** What is at an address, where it is all that a method makes. */
async function asked(value: unknown): Promise<unknown> {
  const address = (value as { url?: unknown } | undefined)?.url ?? value;
  if (typeof address !== 'string') return value;
  const { status } = await fetch(address, { redirect: 'manual' });
  throw Object.assign(new Error('An address is no answer.'), { status });
}

function namesOf({ fake, url, clientId }: World): Names {
  return {
    tenantOf: (id) => fake.organizations.get(id)?.external_id?.replace(/^gh:test:/, ''),
    texts: {
      [url]: 'https://the.host',
      [`client_id=${clientId}`]: 'client_id=the-client',
      'gh:test:': '',
    },
  };
}

async function outcomeOf(
  generation: Generation,
  world: World,
  call: Call,
  comparable: Comparable,
): Promise<Outcome> {
  const before = world.fake.requests.length;
  const args = await call.args(world);
  world.seen.length = 0;
  const result = await settled(() => invoke(world, nameIn(generation, call.method), args));
  if (call.keep && 'value' in result)
    world.ids[call.keep] = (call.idOf ?? idOf)(result.value as never);
  const reached = world.fake.requests.slice(before).map(({ method, path, query, body }) => ({
    ...{ method, path, query, body },
  }));
  const outcome = comparable({ ...result, wire: world.seen.filter(isSuccess), reached });
  // What is undefined is not there.
  return JSON.parse(JSON.stringify(outcome)) as Outcome;
}

/** The body of an error is a problem, which holds more, and other words. */
const isSuccess = ({ status }: Exchange): boolean => status < 400;

const idOf = ({ id }: { id: string }): string => id;

const invoke = ({ sdk }: World, method: string, args: readonly unknown[]): unknown => {
  const [resource = '', name = ''] = method.split('.');
  return sdk[resource]?.[name]?.(...args);
};

async function settled(act: () => unknown): Promise<Pick<Outcome, 'value' | 'error'>> {
  try {
    return { value: plain(await act()) };
  } catch (error) {
    const { constructor, status, code } = error as Error & { status?: number; code?: string };
    return { error: { name: constructor.name, ...(status && { status }), ...(code && { code }) } };
  }
}

/** A page of a list without the methods around it. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('autoPagination' in value)) return value;
  const { object, data, listMetadata } = value as Readonly<Record<string, unknown>>;
  return { object, data, listMetadata };
}

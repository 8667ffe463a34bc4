/** Makes the same calls directly at WorkOS and through the gateway, and compares their outcomes. */
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
  /** Outcomes of calls that the gateway answers without WorkOS. */
  readonly own: ReadonlyMap<Call, Outcome>;
  /** By method of the SDK: the outcome of calls that the gateway does not offer. */
  readonly refused: ReadonlyMap<string, Outcome>;
}

export interface ToMake {
  readonly calls: readonly Call[];
  readonly ownCalls: readonly Call[];
  /** Methods that the gateway does not offer, with their arguments. */
  readonly missing: Readonly<Record<string, Args>>;
}

/** Makes those calls that this generation of the SDK has. @param tenants of the gateway's client. Default: every one */
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

/** Leaves out the code of an error where WorkOS gives none: the gateway gives every error a code. */
export function asFarAs({ differs }: Call, { error: theirs }: Outcome, outcome: Outcome): Outcome {
  if (differs || !outcome.error || !theirs || theirs.code !== undefined) return outcome;
  const { name, status } = outcome.error;
  return { ...outcome, error: { name, ...(status && { status }) } };
}

/** True if WorkOS and the gateway gave the same outcome. */
export function isSame({ direct, gateway }: Compared): boolean {
  return isDeepStrictEqual(direct, gateway);
}

/** True if the SDK has this method, perhaps by another name. @param method its name in SDK 11 */
export function has(sdk: Sdk, generation: Generation, method: string): boolean {
  const [resource = '', name = ''] = nameIn(generation, method).split('.');
  return typeof sdk[resource]?.[name] === 'function';
}

/** Makes the calls that the SDK has, at WorkOS or through the gateway. */
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
      // A call that is meant to differ gets names of its own, so that the later calls are compared without it.
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

/** Requests the URL if a method returns only a URL. */
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
  // Leaves out fields whose value is undefined.
  return JSON.parse(JSON.stringify(outcome)) as Outcome;
}

/** Only successful answers are compared: the gateway's errors have a body of their own. */
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

/** Returns the data of a list's page, without the SDK's methods. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('autoPagination' in value)) return value;
  const { object, data, listMetadata } = value as Readonly<Record<string, unknown>>;
  return { object, data, listMetadata };
}

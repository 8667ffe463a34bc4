/** Calls with every option that the SDK's types have: those of `calls.ts`, and what they leave out. */
import type { Args, Call, Generation, World } from './call.ts';
import { calls } from './calls.ts';
import { EITHER, fill, isFields, LEFT_OUT, NEVER_NULL, thereIn } from './filled-options.ts';
import { nameIn } from './names.ts';
import type { SdkOptions, Shape } from './sdk-options.ts';

/** How many calls it takes until every alternative was there. */
function alternativesIn(shape: Shape): number {
  if (shape.kind === 'nullable' || shape.kind === 'list') return alternativesIn(shape.of);
  if (shape.kind === 'either')
    return Math.max(shape.of.length, ...shape.of.map((one) => alternativesIn(one)));
  if (shape.kind !== 'object') return 1;
  const { fields } = shape;
  const groups = EITHER.map((group) => thereIn(group, fields).length);
  return Math.max(1, ...groups, ...Object.values(fields).map((one) => alternativesIn(one)));
}

function mayBeNull(shape: Shape, name: string): boolean {
  if (LEFT_OUT.has(name) || NEVER_NULL.has(name)) return false;
  if (shape.kind === 'nullable') return true;
  return (
    shape.kind === 'object' &&
    Object.entries(shape.fields).some(([inner, one]) => mayBeNull(one, inner))
  );
}

const isCursor = (shapes: readonly Shape[]): boolean =>
  shapes.some((one) =>
    one.kind === 'either' ? isCursor(one.of) : one.kind === 'object' && 'after' in one.fields,
  );

/** One that is not accepted when a code is made for it. */
const invitation: Call = {
  method: 'userManagement.sendInvitation',
  when: 'a pending one',
  args: ({ globex }) => [{ email: 'grace@acme.test', organizationId: globex }],
  keep: 'pendingInvitation',
};
const withInvitation = (all: readonly Call[]): Call[] =>
  all.flatMap((call) =>
    call.method === 'userManagement.createMagicAuth' ? [invitation, call] : [call],
  );

/** All calls of a generation, each with all options that its method has there. */
export function filledCalls(generation: Generation, options: SdkOptions): Call[] {
  return withInvitation(calls).flatMap((call) => {
    const shapes = options.get(nameIn(generation, call.method));
    if (!shapes || call.differs) return [];
    // What later calls need is made, though as it is.
    if (!isPlain(call)) return call.keep ? [call] : [];
    return filled(call, shapes);
  });
}

/** True for a call that shows what its method is for, rather than a special case. */
function isPlain(call: Call): boolean {
  if (call.when === undefined || call.when.startsWith('`')) return true;
  const ofMethod = calls.filter(({ method }) => method === call.method);
  return ofMethod[0] === call && ofMethod.every(({ when }) => when !== undefined);
}

function filled(call: Call, shapes: readonly Shape[]): Call[] {
  const creates = /\.(create|send|enroll)/.test(call.method);
  const count = Math.max(1, ...shapes.map(alternativesIn));
  const argsOf =
    (nth: number, isNull: boolean, more: (world: World) => object = () => ({})): Args =>
    async (world) => {
      const given = await call.args(world);
      const made = shapes.map((shape, at) =>
        fill(shape, given[at], '', { world, nth, isNull, creates }),
      );
      return made.map((one) =>
        isFields(one) && 'limit' in one ? { ...one, ...more(world) } : one,
      );
    };
  const variants = Array.from({ length: count }, (_, nth): Call => ({
    ...(nth === 0 ? call : { method: call.method }),
    when: [call.when, 'with everything', nth > 0 && nth + 1].filter(Boolean).join(', '),
    args: argsOf(nth, false),
  }));
  const { method } = call;
  const withNull: Call = { method, when: 'with null', args: argsOf(count, true) };
  if (shapes.some((shape) => mayBeNull(shape, ''))) variants.push(withNull);
  if (method.startsWith('sso.getAuthorizationUrl')) return variants.flatMap(followed);
  if (isCursor(shapes)) variants.push(...pages(method, argsOf));
  return variants;
}

/** A browser goes where the call says. */
const followed = (call: Call): Call[] => [
  {
    ...call,
    keep: 'authorizationUrl',
    idOf: (value: string | { readonly url: string }) =>
      typeof value === 'string' ? value : value.url,
  },
  {
    method: 'sso.getConnection',
    when: `after ${[call.method, call.when].filter(Boolean).join(', ')}`,
    args: async ({ ids, signIn }) => {
      await signIn(ids.authorizationUrl ?? '');
      return [ids.connection];
    },
  },
];

const firstOf = ({ data: [first] }: { data: readonly { id?: string; slug?: string }[] }): string =>
  first?.id ?? '';

const pages = (
  method: string,
  argsOf: (nth: number, isNull: boolean, more: (world: World) => object) => Args,
): Call[] => [
  {
    method,
    when: 'a page',
    args: argsOf(0, false, () => ({ limit: 1 })),
    keep: 'listed',
    idOf: firstOf,
  },
  ...['after', 'before'].map((cursor): Call => ({
    method,
    when: `a page ${cursor} an object`,
    args: argsOf(0, false, ({ ids }) => (ids.listed ? { [cursor]: ids.listed } : {})),
  })),
];

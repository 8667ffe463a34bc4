/** Reads from an SDK's own types which options each of its methods takes. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Generation } from './call.ts';

/** A type, as far as a value of it has to be made. */
export type Shape =
  | { readonly kind: 'text' | 'number' | 'flag' | 'date' | 'nothing' }
  | { readonly kind: 'one'; readonly of: readonly string[] }
  | { readonly kind: 'list' | 'map' | 'nullable'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>> }
  | { readonly kind: 'either'; readonly of: readonly Shape[] };

/** By method (`sso.listConnections`): its parameters in their order. */
export type SdkOptions = ReadonlyMap<string, readonly Shape[]>;

const ENTRIES: Readonly<Record<Generation, string>> = {
  7: 'workos-node-7/lib/index.d.ts',
  8: 'workos-node-8/lib/index.d.mts',
  11: '@workos-inc/node/lib/index.d.mts',
};

/** @param resources names of the SDK's own: `organizations` */
export function sdkOptions(generation: Generation, resources: readonly string[]): SdkOptions {
  const entry = fileURLToPath(
    new URL(`../../../node_modules/${ENTRIES[generation]}`, import.meta.url),
  );
  const program = ts.createProgram([entry], {
    lib: ['lib.es2022.d.ts'],
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strictNullChecks: true,
  });
  const checker = program.getTypeChecker();
  const sdk = typeOfExport(checker, program.getSourceFile(entry), 'WorkOS');
  return new Map(
    resources.flatMap((resource) => {
      const property = sdk.getProperty(resource);
      if (!property) return [];
      return methodsOf(checker, checker.getTypeOfSymbol(property)).map(
        ([name, parameters]) => [`${resource}.${name}`, parameters] as const,
      );
    }),
  );
}

function typeOfExport(
  checker: ts.TypeChecker,
  file: ts.SourceFile | undefined,
  name: string,
): ts.Type {
  const module = file && checker.getSymbolAtLocation(file);
  const found = module && checker.getExportsOfModule(module).find((one) => one.name === name);
  if (!found) throw new Error(`The SDK exports no ${name}.`);
  const isAlias = (found.flags & ts.SymbolFlags.Alias) !== 0;
  return checker.getDeclaredTypeOfSymbol(isAlias ? checker.getAliasedSymbol(found) : found);
}

const methodsOf = (checker: ts.TypeChecker, type: ts.Type) =>
  type.getProperties().flatMap((property): [string, Shape[]][] => {
    const [signature] = checker.getTypeOfSymbol(property).getCallSignatures();
    if (!signature) return [];
    const shapes = signature.parameters.map((one) =>
      shapeOf(checker, checker.getTypeOfSymbol(one)),
    );
    return [[property.name, shapes]];
  });

const PRIMITIVES: readonly [flags: ts.TypeFlags, kind: 'text' | 'number' | 'flag'][] = [
  [ts.TypeFlags.StringLike, 'text'],
  [ts.TypeFlags.NumberLike, 'number'],
  [ts.TypeFlags.BooleanLike, 'flag'],
];

function shapeOf(checker: ts.TypeChecker, type: ts.Type): Shape {
  if (type.isStringLiteral()) return { kind: 'one', of: [type.value] };
  if (type.isUnion()) return shapeOfUnion(checker, type.types);
  const primitive = PRIMITIVES.find(([flags]) => (type.flags & flags) !== 0);
  if (primitive) return { kind: primitive[1] };
  if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0)
    return { kind: 'nothing' };
  return checker.typeToString(type) === 'Date' ? { kind: 'date' } : shapeOfObject(checker, type);
}

function shapeOfObject(checker: ts.TypeChecker, type: ts.Type): Shape {
  const [element] = checker.isArrayType(type)
    ? checker.getTypeArguments(type as ts.TypeReference)
    : [];
  if (element) return { kind: 'list', of: shapeOf(checker, element) };
  const values = type.getStringIndexType();
  if (values) return { kind: 'map', of: shapeOf(checker, values) };
  const fields = type
    .getProperties()
    .map((one) => [one.name, shapeOf(checker, checker.getTypeOfSymbol(one))] as const)
    .filter(([, { kind }]) => kind !== 'nothing');
  return { kind: 'object', fields: Object.fromEntries(fields) };
}

function shapeOfUnion(checker: ts.TypeChecker, types: readonly ts.Type[]): Shape {
  const isNull = ({ flags }: ts.Type) => (flags & ts.TypeFlags.Null) !== 0;
  const shapes = types.map((one) => shapeOf(checker, one)).filter(({ kind }) => kind !== 'nothing');
  const texts = shapes.flatMap((one) => (one.kind === 'one' ? one.of : []));
  const others = shapes.filter(({ kind }) => kind !== 'one');
  const either = distinct([
    ...(texts.length > 0 ? [{ kind: 'one', of: texts } as const] : []),
    ...others,
  ]);
  const [only = { kind: 'nothing' }] = either;
  const shape: Shape = either.length > 1 ? { kind: 'either', of: either } : only;
  return types.some(isNull) ? { kind: 'nullable', of: shape } : shape;
}

/** `true | false` is one. */
const distinct = (shapes: readonly Shape[]): Shape[] =>
  shapes.filter(
    ({ kind }, index) =>
      kind === 'object' || shapes.findIndex((one) => one.kind === kind) === index,
  );

/** CPU of a request by layer: own folders of `src`, packages, and Node itself. From a CPU profile and the bundle's source map. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What the V8 profiler returns (Chrome DevTools Protocol, Profiler.Profile). */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

export interface Layer {
  readonly name: string;
  /** Share of the busy time, 0 to 1, with what Node does on behalf of the layer. */
  readonly share: number;
  /** The share of it that is spent in writes to sockets. */
  readonly writing: number;
}

/** Time in which nothing runs. */
const WAITING = new Set(['(idle)', '(root)']);
/** The code that measures; its own time is left out. */
const PROBE = '/bench/probe.mjs';
const NOT_MEASURED = 'not measured';
export type Depth = 'folders' | 'files';
const SOCKET_WRITES = new Set([
  'writev',
  'writeUtf8String',
  'writeLatin1String',
  'writeBuffer',
  'writeString',
]);

/** Layers, dearest first. What Node does is counted for the layer which called it, where one did. */
export function layersOf({ nodes, samples, timeDeltas }: CpuProfile, depth: Depth): Layer[] {
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const nameOf = createNamer(depth);
  const layerOf = memoized((id: number): string => {
    const node = byId.get(id);
    if (!node) return 'node, for no layer';
    const name = nameOf(node);
    return name ?? layerOf(parents.get(id) ?? -1);
  });
  const spent = new Map<string, { all: number; writing: number }>();
  let busy = 0;
  for (const [i, id] of samples.entries()) {
    const functionName = byId.get(id)?.callFrame.functionName ?? '';
    if (WAITING.has(functionName) || layerOf(id) === NOT_MEASURED) continue;
    const layer = spent.get(layerOf(id)) ?? { all: 0, writing: 0 };
    const micros = timeDeltas[i] ?? 0;
    busy += micros;
    layer.all += micros;
    if (SOCKET_WRITES.has(functionName)) layer.writing += micros;
    spent.set(layerOf(id), layer);
  }
  return [...spent]
    .map(([name, { all, writing }]) => ({ name, share: all / busy, writing: writing / busy }))
    .toSorted((a, b) => b.share - a.share);
}

/** Names the layer of a function's own code; undefined for Node's internals, which work for their caller. */
function createNamer(depth: Depth): (node: ProfileNode) => string | undefined {
  const mapOf = memoized(readSourceMap);
  const linesOf = memoized((url: string) => readFileSync(fileURLToPath(url), 'utf8').split('\n'));
  return ({ callFrame: { url, functionName, lineNumber, columnNumber } }) => {
    if (functionName === '(garbage collector)') return 'garbage collection';
    if (!url.startsWith('file:')) return undefined;
    if (url.endsWith(PROBE)) return NOT_MEASURED;
    const column = columnNumber - addedBefore(linesOf(url)[lineNumber] ?? '', columnNumber);
    const entry = mapOf(url)?.findEntry(lineNumber, column) as SourceMapping | undefined;
    return nameOfPath(entry?.originalSource ?? url, depth);
  };
}

/** `src/http` or `src/http/pipeline/answer.ts`, by the depth; `pg`; a file outside both is named by its last part. */
function nameOfPath(path: string, depth: Depth): string {
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  const own = depth === 'folders' ? /\b(?:src|bench)\/[^/]+/ : /\b(?:src|bench)\/.+/;
  return library ?? own.exec(path)?.[0] ?? path.split('/').at(-1) ?? path;
}

/** What docker/build.mjs adds to the wrapper of each module, after the source map was made. */
const ADDED = '__proto__:null,';
const addedBefore = (line: string, column: number): number =>
  ADDED.length * (line.slice(0, column).split(ADDED).length - 1);

function readSourceMap(url: string): SourceMap | undefined {
  const file = `${fileURLToPath(url)}.map`;
  if (!existsSync(file)) return undefined;
  return new SourceMap(
    JSON.parse(readFileSync(file, 'utf8')) as ConstructorParameters<typeof SourceMap>[0],
  );
}

function memoized<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as V;
  };
}

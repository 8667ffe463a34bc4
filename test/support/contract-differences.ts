/** Compares what a server answers with what an OpenAPI document says, as a table for people. */
import { readOpenApi } from './open-api-documents.ts';

/** The statuses of each operation, `GET /organizations/{id}`. */
export type Statuses = ReadonlyMap<string, readonly number[]>;

export interface Comparison {
  /** What is described: its operations are the rows. */
  ours: Statuses;
  /** What it is measured by. */
  theirs: Statuses;
  /** Why they differ: by operation, or by operation and status, `GET /organizations/{id} 404`. */
  reasons: Readonly<Record<string, string>>;
  /** Statuses whose difference is the same for every operation, and why. */
  everywhere: Readonly<Record<number, string>>;
}

export interface Row {
  operation: string;
  /** Undefined: the other side does not know the operation. */
  both: number[] | undefined;
  onlyOurs: number[];
  onlyTheirs: number[];
  /** Why, and of which statuses; of none where the operation itself is the difference. */
  reasons: Map<string, number[]>;
  /** Differences for which no reason is given. */
  unexplained: string[];
}

/** What an OpenAPI document, in YAML or JSON, says of each of its operations. */
export function statusesOf(file: string): Statuses {
  const { paths } = readOpenApi(file) as {
    paths: Record<string, Record<string, { responses?: Record<string, unknown> }>>;
  };
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, { responses }]) => responses)
        .map(([method, { responses }]) => [
          `${method.toUpperCase()} ${path}`,
          Object.keys(responses ?? {})
            .map(Number)
            .filter((status) => !Number.isNaN(status)),
        ]),
    ),
  );
}

/** One row for each of our operations, by path. */
export function compare(comparison: Comparison): Row[] {
  const theirs = new Map(
    [...comparison.theirs].map(([operation, statuses]) => [nameless(operation), statuses]),
  );
  return [...comparison.ours]
    .sort(([one], [other]) => (sortKey(one) < sortKey(other) ? -1 : 1))
    .map(([operation, ours]) =>
      rowOf(operation, ours, theirs.get(nameless(operation)), comparison),
    );
}

/** Reasons that no row needs any more. */
export function leftOver(rows: readonly Row[], { reasons }: Comparison): string[] {
  const used = new Set(rows.flatMap((row) => differencesOf(row).concat(row.operation)));
  return Object.keys(reasons).filter((key) => !used.has(key));
}

/** A Markdown table; `ours` and `theirs` name the two sides in its head. */
export function tableOf(rows: readonly Row[], sides: { ours: string; theirs: string }): string {
  const head = [`Operation`, `Both`, `Only ${sides.ours}`, `Only ${sides.theirs}`, 'Why'];
  const lines = rows.map((row) => [
    `\`${row.operation}\``,
    row.both?.join(' ') ?? `not in ${sides.theirs}`,
    row.onlyOurs.join(' '),
    row.onlyTheirs.join(' '),
    [...row.reasons].map(([reason, statuses]) => `${prefix(statuses)}${reason}`).join(' '),
  ]);
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function rowOf(
  operation: string,
  ours: readonly number[],
  theirs: readonly number[] | undefined,
  { reasons, everywhere }: Comparison,
): Row {
  const known = sorted(theirs ?? []);
  const mine = sorted(ours);
  const row: Row = {
    operation,
    both: theirs && mine.filter((status) => known.includes(status)),
    onlyOurs: mine.filter((status) => !known.includes(status) && !(status in everywhere)),
    onlyTheirs: known.filter((status) => !mine.includes(status) && !(status in everywhere)),
    reasons: new Map(),
    unexplained: [],
  };
  for (const difference of theirs ? differencesOf(row) : [operation]) {
    const reason = reasons[difference];
    const status = difference === operation ? [] : [Number(difference.split(' ').at(-1))];
    if (reason === undefined) row.unexplained.push(difference);
    else row.reasons.set(reason, [...(row.reasons.get(reason) ?? []), ...status]);
  }
  return row;
}

function differencesOf({ operation, onlyOurs, onlyTheirs }: Row): string[] {
  return [...onlyOurs, ...onlyTheirs].map((status) => `${operation} ${status}`);
}

function prefix(statuses: readonly number[]): string {
  return statuses.length === 0 ? '' : `${statuses.join(', ')}: `;
}

function sorted(statuses: readonly number[]): number[] {
  return [...new Set(statuses)].sort((one, other) => one - other);
}

/** Two documents may name the same parameter differently. */
function nameless(operation: string): string {
  return operation.replaceAll(/\{[^}]*\}/g, '{}');
}

function sortKey(operation: string): string {
  return operation.split(' ').reverse().join(' ');
}

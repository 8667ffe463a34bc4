import {
  Document,
  isCollection,
  isMap,
  isPair,
  isSeq,
  stringify,
  visit,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** Lines are as wide as those of the source. */
const WIDTH = 100;

type Collection = YAMLMap | YAMLSeq;
type Ancestors = readonly (Document | Node | Pair)[];

/**
 * The form committed as `openapi.yaml`, which is served as a file: stringifying takes half a second.
 * An object or list that fits into a line is written in one, and so is every reference; this halves the number of lines.
 */
export function asYaml(contract: object): string {
  const document = new Document(contract, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_key, node, ancestors) {
      if (!isReference(node) && !fitsOneLine(node, ancestors)) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ indentSeq: false, lineWidth: WIDTH, flowCollectionPadding: false });
}

const isReference = (node: Collection): boolean => node.items.length === 1 && node.has('$ref');

/** PyYAML reads no unquoted question mark within brackets or braces. */
const NEEDS_LINES = /\\n|\?/;

/** An object whose JSON is longer than this is not measured: it cannot fit into a line. */
const TOO_LONG = 1.5 * WIDTH;

function fitsOneLine(node: Collection, ancestors: Ancestors): boolean {
  const json = JSON.stringify(node);
  if (json.length > TOO_LONG || NEEDS_LINES.test(json)) return false;
  return columnOf(ancestors) + inOneLine(node).length <= WIDTH;
}

const inOneLine = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim();

/** Where a value begins that stands on the line of its key. */
function columnOf(ancestors: Ancestors): number {
  const parent = ancestors.at(-1);
  return indentIn(ancestors) + (isPair(parent) ? `${inOneLine(parent.key)}: ` : '- ').length;
}

/** The indent of what the innermost collection holds. A list in a map has the indent of its key. */
function indentIn(ancestors: Ancestors): number {
  const collections = ancestors.filter(isCollection);
  const deeper = collections.filter(
    (node, index) => index > 0 && !(isSeq(node) && isMap(collections[index - 1])),
  );
  return 2 * deeper.length;
}

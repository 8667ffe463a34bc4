import { Document, visit, type YAMLMap, type YAMLSeq } from 'yaml';

/** As wide as the lines of the source. */
const WIDTH = 100;

/** In characters of JSON: it still fits into a line where it is deeply indented. */
const SHORT = 72;

/**
 * The form committed as `openapi.yaml`, which is served as a file: stringifying takes 0.1 s. What is
 * short takes one line, and so does every reference, which keeps the document a third shorter.
 */
export function asYaml(contract: object): string {
  const document = new Document(contract, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_key, node) {
      if (!isReference(node) && !isShort(node)) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ indentSeq: false, lineWidth: WIDTH, flowCollectionPadding: false });
}

const isReference = (node: YAMLMap | YAMLSeq): boolean =>
  node.items.length === 1 && node.has('$ref');

/** PyYAML reads no unquoted question mark within brackets or braces. */
const NEEDS_LINES = /\\n|\?/;

const isShort = (node: YAMLMap | YAMLSeq): boolean => {
  const text = JSON.stringify(node);
  return text.length <= SHORT && !NEEDS_LINES.test(text);
};

import { Document, isMap, isScalar, visit } from 'yaml';

/**
 * The form committed as `openapi.yaml`, which is served as a file: stringifying takes 0.1 s. A response
 * header, which is a reference, takes one line.
 */
export function asYaml(contract: object): string {
  const document = new Document(contract, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_at, { key, value }) {
      if (!isScalar(key) || key.value !== 'headers' || !isMap(value)) return;
      for (const { value: header } of value.items)
        if (isMap(header) && header.has('$ref')) header.flow = true;
    },
  });
  return document.toString({ indentSeq: false });
}

/** Fields that the SDK reads from what WorkOS answers, by its own types. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ENTRY = fileURLToPath(
  new URL('../../../node_modules/@workos-inc/node/lib/index.d.mts', import.meta.url),
);

/** @returns the fields of one of the SDK's interfaces, by name: `OrganizationResponse` → `domains[].id` */
export function createSdkFields(): (interfaceName: string) => string[] {
  const program = ts.createProgram([ENTRY], { noLib: true });
  const checker = program.getTypeChecker();
  const interfaces = new Map<string, ts.Type>();
  for (const file of program.getSourceFiles().filter(isOfSdk))
    ts.forEachChild(file, (node) => {
      if (ts.isInterfaceDeclaration(node))
        interfaces.set(node.name.text, checker.getTypeAtLocation(node));
    });
  return (name) => {
    const type = interfaces.get(name);
    if (!type) throw new Error(`The SDK has no ${name}.`);
    return fieldsOfType(checker, type, '');
  };
}

const isOfSdk = ({ fileName }: ts.SourceFile): boolean =>
  fileName.includes('/@workos-inc/node/lib/');

function fieldsOfType(checker: ts.TypeChecker, type: ts.Type, at: string): string[] {
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const [declaration] = property.declarations ?? [];
    if (!declaration || !ts.isPropertySignature(declaration)) return [];
    const path = at === '' ? property.name : `${at}.${property.name}`;
    return [path, ...(declaration.type ? fieldsWithin(checker, declaration.type, path) : [])];
  });
}

/** Through `| null`, and through arrays. */
function fieldsWithin(checker: ts.TypeChecker, node: ts.TypeNode, at: string): string[] {
  if (ts.isUnionTypeNode(node)) return node.types.flatMap((one) => fieldsWithin(checker, one, at));
  if (ts.isArrayTypeNode(node)) return fieldsWithin(checker, node.elementType, `${at}[]`);
  return fieldsOfType(checker, checker.getTypeFromTypeNode(node), at);
}

// Writes schema.d.ts, the types of the operations that no WorkOS SDK has: `npm run client`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { parse } from 'yaml';

export const SCHEMA = join(import.meta.dirname, 'schema.d.ts');
const CONTRACT = join(import.meta.dirname, '../openapi.yaml');
const HEADER = '// Generated from openapi.yaml by `npm run client`. Do not edit.\n\n';

/** For the rest of the contract there are WorkOS's own SDKs. */
const isNative = (path) => /^\/(v1\/|webhook_endpoints\b)/.test(path);

/** The text of schema.d.ts. @param contract the parsed openapi.yaml */
export async function schemaOf(contract) {
  const paths = Object.fromEntries(
    Object.entries(contract.paths).filter(([path]) => isNative(path)),
  );
  const components = usedComponents(contract.components, paths);
  const ast = await openapiTypescript({ ...contract, paths, components }, { silent: true });
  return HEADER + astToString(ast);
}

/** What the paths refer to, and what that refers to. */
function usedComponents(components, paths) {
  const used = {};
  const add = (text) => {
    for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
      if (used[kind]?.[name]) continue;
      (used[kind] ??= {})[name] = components[kind][name];
      add(JSON.stringify(used[kind][name]));
    }
  };
  add(JSON.stringify(paths));
  return used;
}

if (import.meta.main) writeFileSync(SCHEMA, await schemaOf(parse(readFileSync(CONTRACT, 'utf8'))));

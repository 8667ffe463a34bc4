import { existsSync, readFileSync } from 'node:fs';
import type { Answer } from '../http/answer.ts';
import { implement, type Contract } from '../http/endpoint.ts';
import { DOCS_HEADERS } from '../http/security-headers.ts';
import { packageFile } from '../package-files.ts';
import { contracts } from './contracts.ts';
import { openApiDocument } from './document.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const YAML_TYPE = 'application/yaml; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';

const document = (path: `/${string}`, type: string) =>
  ({
    method: 'get',
    path,
    summary: path,
    access: 'public',
    reply: { status: 'document', type },
    problems: [],
  }) as const;

/** Not part of the document: it would describe itself. */
const docsContract = {
  openapiJson: document('/openapi.json', JSON_TYPE),
  openapiYaml: document('/openapi.yaml', YAML_TYPE),
  docs: document('/docs', HTML_TYPE),
  docsInit: document('/docs/init.js', 'text/javascript; charset=utf-8'),
  docsScript: document('/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'),
  docsStyle: document('/docs/swagger-ui.css', 'text/css; charset=utf-8'),
} as const satisfies Contract;

/** The contract, for programs and for people; everything is made at the first request and kept. */
export const docsRoutes = (iconPath: string) => {
  const contract = once(() => openApiDocument(contracts));
  return implement(docsContract, {
    openapiJson: serve(JSON_TYPE, () => JSON.stringify(contract())),
    openapiYaml: serve(YAML_TYPE, () => readFileSync(packageFile('openapi.yaml'))),
    docs: serve(HTML_TYPE, () => pageWith(iconPath)),
    docsInit: serve(docsContract.docsInit.reply.type, () => INIT),
    docsScript: serve(docsContract.docsScript.reply.type, () =>
      swaggerFile('swagger-ui-bundle.js'),
    ),
    docsStyle: serve(docsContract.docsStyle.reply.type, () => swaggerFile('swagger-ui.css')),
  });
};

const serve = (type: string, make: () => string | Buffer) => {
  const body = once(make);
  return (): Promise<Answer> =>
    Promise.resolve({
      status: 200,
      headers: { ...DOCS_HEADERS, 'content-type': type, 'cache-control': 'public, max-age=300' },
      body: body(),
    });
};

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Beside the bundle in production, in node_modules in a checkout. */
function swaggerFile(name: string): Buffer {
  const bundled = packageFile(`dist/swagger-ui/${name}`);
  return readFileSync(
    existsSync(bundled) ? bundled : packageFile(`node_modules/swagger-ui-dist/${name}`),
  );
}

const pageWith = (iconPath: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatehouse API</title>
<link rel="icon" href="${iconPath}">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</body>
</html>
`;

const INIT = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });
`;

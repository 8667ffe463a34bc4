import { existsSync, readFileSync } from 'node:fs';
import { implement, type Contract } from '../http/endpoint.ts';
import { packageFile } from '../core/package-files.ts';
import { prepared } from './prepared.ts';

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

/** Not part of the document itself. */
const docsContract = {
  openapiJson: document('/openapi.json', JSON_TYPE),
  openapiYaml: document('/openapi.yaml', YAML_TYPE),
  docs: document('/docs', HTML_TYPE),
  docsInit: document('/docs/init.js', 'text/javascript; charset=utf-8'),
  docsScript: document('/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'),
  docsStyle: document('/docs/swagger-ui.css', 'text/css; charset=utf-8'),
} as const satisfies Contract;

/**
 * Serves the OpenAPI document and its viewer. Each document is built at its first request and kept.
 *
 * @param openApi builds the document
 */
export const docsRoutes = (openApi: () => object, iconPath: string) =>
  implement(docsContract, {
    openapiJson: prepared(JSON_TYPE, () => JSON.stringify(openApi())),
    openapiYaml: prepared(YAML_TYPE, () => readFileSync(packageFile('openapi.yaml'))),
    docs: prepared(HTML_TYPE, () => pageWith(iconPath)),
    docsInit: prepared(docsContract.docsInit.reply.type, () => INIT),
    docsScript: prepared(docsContract.docsScript.reply.type, () =>
      swaggerFile('swagger-ui-bundle.js'),
    ),
    docsStyle: prepared(docsContract.docsStyle.reply.type, () => swaggerFile('swagger-ui.css')),
  });

/** The file is beside the bundle in production, and in node_modules in a checkout. */
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

const INIT = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, filter: true, validatorUrl: null });
`;

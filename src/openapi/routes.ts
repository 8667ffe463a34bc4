import { existsSync, readFileSync } from 'node:fs';
import { documentAt } from '../http/document-endpoint.ts';
import { implement, type Contract } from '../http/endpoint.ts';
import { packageFile } from '../core/package-files.ts';
import { prepared } from './prepared.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const YAML_TYPE = 'application/yaml; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
const SCRIPT_TYPE = 'text/javascript; charset=utf-8';
const STYLE_TYPE = 'text/css; charset=utf-8';

const docsContract = {
  openapiJson: documentAt('/openapi.json', JSON_TYPE),
  openapiYaml: documentAt('/openapi.yaml', YAML_TYPE),
  docs: documentAt('/docs', HTML_TYPE),
  swaggerScript: documentAt('/docs/swagger-ui-bundle.js', SCRIPT_TYPE),
  swaggerStyle: documentAt('/docs/swagger-ui.css', STYLE_TYPE),
  viewerScript: documentAt('/docs/viewer.js', SCRIPT_TYPE),
  viewerStyle: documentAt('/docs/viewer.css', STYLE_TYPE),
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
    swaggerScript: prepared(SCRIPT_TYPE, () => viewerFile('swagger-ui-bundle.js', SWAGGER_UI)),
    swaggerStyle: prepared(STYLE_TYPE, () => viewerFile('swagger-ui.css', SWAGGER_UI)),
    viewerScript: prepared(SCRIPT_TYPE, () => viewerFile('viewer.js', OURS)),
    viewerStyle: prepared(STYLE_TYPE, () => viewerFile('viewer.css', OURS)),
  });

const SWAGGER_UI = 'node_modules/swagger-ui-dist';
const OURS = 'src/openapi/viewer';

/** @param folder of a checkout; in production, `docker/build.mjs` has copied the file beside the bundle */
function viewerFile(name: string, folder: string): Buffer {
  const source = packageFile(`${folder}/${name}`);
  return readFileSync(existsSync(source) ? source : packageFile(`dist/docs/${name}`));
}

const pageWith = (iconPath: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Gatehouse API</title>
<link rel="icon" href="${iconPath}">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/viewer.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/viewer.js" type="module"></script>
</head>
<body>
<div id="docs"></div>
<noscript><main>
<h1>Gatehouse API</h1>
<p>This viewer needs JavaScript. The contract that it shows is <a href="/openapi.yaml">openapi.yaml</a>; <a href="/docs/problems">Problems</a> explains every error.</p>
</main></noscript>
</body>
</html>
`;

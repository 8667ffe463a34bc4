import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import type { Contract, Endpoint } from '../http/endpoint.ts';
import { packageVersion } from '../core/package-files.ts';
import { HEADERS, headersOf } from './headers.ts';
import { responsesOf } from './responses.ts';
import { shorten } from './schemas.ts';
import { shareRepeated } from './shared.ts';

const DESCRIPTION = `An internal gateway to WorkOS that uses your tenant ids.

Any official WorkOS SDK works against it: set the base URL to this origin, the API key to a Gatehouse key, and give tenant ids where WorkOS has organization ids. Operations that need an acting user also take the header \`Gatehouse-User-Token\`.

Errors have the members of RFC 9457, and \`code\`, \`message\` and \`errors\` as WorkOS SDKs read them: \`application/problem+json\` under \`/v1\` and wherever \`Accept\` names it, else \`application/json\`; at paths for browsers, a page.`;

/** Operations that the document lists under one tag. */
export interface DocumentedGroup {
  readonly description: string;
  readonly contract: Contract;
}

/** Builds the OpenAPI 3.1 document. @param groups tag → operations */
export function openApiDocument(groups: Readonly<Record<string, DocumentedGroup>>) {
  const paths: ZodOpenApiPathsObject = {};
  for (const [tag, { contract }] of Object.entries(groups)) {
    for (const [operationId, endpoint] of Object.entries(contract)) {
      paths[endpoint.path] = {
        ...paths[endpoint.path],
        [endpoint.method]: operation(tag, operationId, endpoint),
      };
    }
  }
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Gatehouse',
        version: packageVersion(),
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'The origin that serves this document.' }],
      tags: Object.entries(groups).map(([name, { description }]) => ({ name, description })),
      security: [{ client: [] }],
      paths,
      components: {
        securitySchemes: {
          client: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An API key of a client (`gh_…`), or a workload token of the configured issuer.',
          },
        },
        headers: HEADERS,
      },
    },
    { override: ({ jsonSchema }) => shorten(jsonSchema) },
  );
  return shareRepeated(document);
}

function operation(
  tag: string,
  operationId: string,
  endpoint: Endpoint,
): ZodOpenApiOperationObject {
  const { access } = endpoint;
  return {
    operationId,
    tags: [tag],
    summary: endpoint.summary,
    description: [endpoint.description, needs(endpoint)].filter(Boolean).join('\n\n'),
    ...(access === 'public' && { security: [] }),
    requestParams: {
      ...(endpoint.params && { path: endpoint.params }),
      ...(endpoint.query && { query: endpoint.query }),
      header: headersOf(endpoint),
    },
    ...(endpoint.body && { requestBody: requestBody(endpoint, endpoint.body) }),
    responses: responsesOf(endpoint),
  };
}

const needs = ({ access }: Endpoint): string =>
  typeof access === 'string'
    ? WITHOUT_SCOPE[access]
    : `Needs the scope \`${access.scope}\`${access.actingUser ? ' and an acting user who is an IT admin of the tenant' : ''}.`;

const WITHOUT_SCOPE = {
  public: 'Needs no client credentials; the operation checks its own input.',
  client: 'Needs client credentials. The operations that it runs need their own scopes.',
} as const;

const MEDIA_TYPES = {
  json: ['application/json'],
  form: ['application/x-www-form-urlencoded'],
  bytes: ['application/json'],
  'form-or-json': ['application/x-www-form-urlencoded', 'application/json'],
} as const;

const requestBody = (
  { bodyAs = 'json', optionalBody, example }: Endpoint,
  schema: NonNullable<Endpoint['body']>,
) => ({
  required: optionalBody !== true,
  content: Object.fromEntries(
    MEDIA_TYPES[bodyAs].map((type) => [type, { schema, ...(example && { example }) }]),
  ),
});

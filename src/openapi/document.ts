import { z } from 'zod';
import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { isOfWorkos, speaksProblemJson, type Contract, type Endpoint } from '../http/endpoint.ts';
import { ProblemDetails } from '../http/problem-details.ts';
import { packageVersion } from '../core/package-files.ts';
import { HEADERS, headersOf } from './headers.ts';
import { PROBLEMS, type ProblemSlug } from '../core/problem.ts';
import { problemsOf } from './problems.ts';
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
    OPTIONS,
  );
  return shareRepeated(document);
}

/** Drops zod's 200-character pattern of times; `format: date-time` is enough. */
const OPTIONS: CreateDocumentOptions = {
  override({ jsonSchema }) {
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  },
};

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
    security: access === 'public' ? [] : [{ client: [] }],
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

const header = (name: string, component: keyof typeof HEADERS) => ({
  [name]: { $ref: `#/components/headers/${component}` },
});

const X_REQUEST_ID = header('X-Request-ID', 'RequestId');
const IGNORED = header('Gatehouse-Ignored', 'GatehouseIgnored');

type DocumentReply = Extract<Endpoint['reply'], { status: 'document' }>;

function successes(endpoint: Endpoint) {
  const { reply, summary } = endpoint;
  const headers = { ...X_REQUEST_ID, ...(isOfWorkos(endpoint) && IGNORED) };
  if (reply.status === 'browser') {
    return Object.fromEntries(
      Object.entries(reply.answers).map(([status, description]) => [
        status,
        {
          description,
          headers,
          ...(status === '200' && {
            content: { 'text/html': { schema: { type: 'string' as const } } },
          }),
        },
      ]),
    );
  }
  if (reply.status === 204) return { '204': { description: 'Done.', headers } };
  if (reply.status === 'document') return documents(reply, headers);
  const response = {
    description: `${summary}.`,
    headers,
    content: { 'application/json': { schema: reply.body } },
  };
  return {
    [String(reply.status)]: response,
    ...(reply.orStatus && { [String(reply.orStatus)]: response }),
  };
}

const documents = ({ type, answers = {}, refusal }: DocumentReply, headers: typeof X_REQUEST_ID) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, description]) => {
      const schema = Number(status) >= 400 ? refusal : ANY_OBJECT;
      const hasBody = status === '200' || schema === refusal;
      return [
        status,
        { description, headers, ...(hasBody && { content: { [type]: { schema } } }) },
      ];
    }),
  );

const ANY_OBJECT = { type: 'object' as const };

/** Where a status has two forms, a problem and the refusal of another protocol, its body is either. */
function responsesOf(endpoint: Endpoint) {
  const others: Responses = successes(endpoint);
  const problems: Responses = problemResponses(endpoint);
  const { reply } = endpoint;
  if (reply.status !== 'document' || !reply.refusal) return { ...others, ...problems };
  const schema = z.union([ProblemDetails, reply.refusal]);
  const both = Object.entries(problems).flatMap(([status, problem]) =>
    others[status] ? [[status, either(others[status], problem, schema)] as const] : [],
  );
  return { ...others, ...problems, ...Object.fromEntries(both) };
}

type Responses = Readonly<Record<string, { description: string }>>;

const either = (
  refusal: { description: string },
  problem: { description: string },
  schema: z.ZodType,
) => ({
  ...problem,
  description: `${refusal.description}\n${problem.description}`,
  content: { 'application/json': { schema } },
});

function problemResponses(endpoint: Endpoint) {
  const byStatus = Object.groupBy(problemsOf(endpoint), (slug) => String(PROBLEMS[slug].status));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, slugs = []]) => [
      status,
      problemResponse(endpoint, status, slugs),
    ]),
  );
}

function problemResponse(endpoint: Endpoint, status: string, slugs: readonly ProblemSlug[]) {
  const type = speaksProblemJson(endpoint) ? 'application/problem+json' : 'application/json';
  const isPage = endpoint.reply.status === 'browser';
  return {
    description: slugs
      .map((slug) => `\`${slug.replaceAll('-', '_')}\`: ${PROBLEMS[slug].title}.`)
      .join('\n'),
    headers: {
      ...X_REQUEST_ID,
      ...(['429', '503'].includes(status) && header('Retry-After', 'RetryAfter')),
      ...(status === '429' && {
        ...header('RateLimit-Policy', 'RateLimitPolicy'),
        ...header('RateLimit', 'RateLimit'),
      }),
    },
    content: isPage
      ? { 'text/html': { schema: { type: 'string' as const } } }
      : { [type]: { schema: ProblemDetails } },
  };
}

/** The responses of an operation: its success and its errors. */
import { z } from 'zod';
import { isOfWorkos, speaksProblemJson, type Endpoint } from '../http/endpoint.ts';
import { ProblemDetails } from '../http/problem-details.ts';
import { PROBLEMS, type ProblemSlug } from '../core/problem.ts';
import type { HEADERS } from './headers.ts';
import { problemsOf } from './problems.ts';

const header = (name: string, component: keyof typeof HEADERS) => ({
  [name]: { $ref: `#/components/headers/${component}` },
});

const X_REQUEST_ID = header('X-Request-ID', 'RequestId');
const IGNORED = header('Gatehouse-Ignored', 'GatehouseIgnored');

type DocumentReply = Extract<Endpoint['reply'], { status: 'document' }>;

function successes(endpoint: Endpoint) {
  const { reply, summary } = endpoint;
  const headers = { ...X_REQUEST_ID, ...(isOfWorkos(endpoint) && IGNORED) };
  if (reply.status === 'browser') return pages(reply.answers, headers);
  if (reply.status === 204) return { '204': { description: 'Done.', headers } };
  if (reply.status === 'document') return documents(reply, headers);
  const response = {
    description: z.globalRegistry.get(reply.body)?.description ?? `${summary}.`,
    headers,
    content: { 'application/json': { schema: reply.body } },
  };
  return {
    [String(reply.status)]: response,
    ...(reply.orStatus && { [String(reply.orStatus)]: response }),
  };
}

const pages = (answers: Readonly<Record<string, string>>, headers: typeof X_REQUEST_ID) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, description]) => [
      status,
      { description, headers, ...(status === '200' && { content: PAGE }) },
    ]),
  );

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

const PAGE = { 'text/html': { schema: { type: 'string' as const } } };
const ANY_OBJECT = { type: 'object' as const };

/** Where a status has two forms, a problem and the refusal of another protocol, its body is either. */
export function responsesOf(endpoint: Endpoint) {
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
    content: isPage ? PAGE : { [type]: { schema: ProblemDetails } },
  };
}

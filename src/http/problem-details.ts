import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { PROBLEMS, Problem, type ProblemSlug } from '../core/problem.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { contextOf } from './request-context.ts';
import { API_HEADERS } from './security-headers.ts';

const FieldErrorSchema = z
  .object({
    field: z.string().meta({ description: 'The refused field of the body or query, or header.' }),
    code: z.string().meta({ description: 'The fault, for programs.' }),
    message: z.string().meta({ description: 'The fault, for people.' }),
  })
  .meta({ id: 'FieldError', description: 'One refused input.' });

/** The members of RFC 9457, and the two that WorkOS SDKs read (`code`, `message`). */
export const ProblemDetails = z
  .looseObject({
    type: z.string().meta({
      description:
        'The page that explains this kind of problem. The slug after `#` is stable across releases.',
      examples: ['https://gatehouse.example.com/docs/problems#tenant-not-found'],
    }),
    title: z.string().meta({ description: 'The kind of problem in a few words.' }),
    status: z.int().meta({ description: 'The HTTP status, repeated.' }),
    detail: z.string().meta({ description: 'What happened this time, for people.' }),
    instance: z.string().meta({ description: 'The request id as a URN, to quote in a report.' }),
    code: z.string().meta({ description: 'The kind of problem as a snake_case word.' }),
    message: z.string().meta({ description: 'Equal to `detail`; WorkOS SDKs show it.' }),
    errors: z
      .array(FieldErrorSchema)
      .optional()
      .meta({ description: 'Each refused input, where the input was invalid.' }),
  })
  .meta({ id: 'Problem', description: 'What went wrong, in the form of RFC 9457.' });

/** `Retry-After` of a 503 in seconds, unless the problem has its own. */
const DEFAULT_RETRY_AFTER = 2;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Never the path or query: they carry tickets and codes. */
export const instanceOf = (requestId: string): string =>
  UUID.test(requestId) ? `urn:uuid:${requestId}` : `urn:gatehouse:request:${requestId}`;

/** @param publicUrl the origin of this deployment, which serves the page that `type` names */
export function problemBody(problem: Problem, requestId: string, publicUrl: string) {
  const { status, title } = PROBLEMS[problem.slug];
  return {
    type: `${publicUrl}/docs/problems#${problem.slug}`,
    title,
    status,
    detail: problem.message,
    instance: instanceOf(requestId),
    code: problem.code,
    message: problem.message,
    ...(problem.errors.length > 0 && { errors: [...problem.errors] }),
    ...problem.members,
  } satisfies z.input<typeof ProblemDetails>;
}

const CHALLENGES: Partial<Record<ProblemSlug, string>> = {
  unauthenticated: 'Bearer realm="gatehouse"',
  'invalid-signature': 'WorkOS-Signature realm="gatehouse"',
  'invalid-user-token': 'Bearer realm="gatehouse acting user", error="invalid_token"',
  'invalid-access-token': 'Bearer realm="gatehouse", error="invalid_token"',
  'invalid-client': 'Basic realm="gatehouse"',
};

/** Headers of a problem (RFC 9110): `WWW-Authenticate` for 401 (§11.6.1), `Allow` for 405 (§15.5.6), `Retry-After` for 503 (§10.2.3), and the `RateLimit` headers for 429. */
export function problemHeaders(problem: Problem): Record<string, string> {
  const { status } = PROBLEMS[problem.slug];
  const headers: Record<string, string> = rateLimitHeaders(problem.rateLimits);
  const challenge = CHALLENGES[problem.slug];
  if (challenge) headers['www-authenticate'] = challenge;
  if (problem.allow.length > 0) headers.allow = problem.allow.join(', ');
  if (problem.retryAfter !== undefined || status === 503) {
    headers['retry-after'] = String(problem.retryAfter ?? DEFAULT_RETRY_AFTER);
  }
  return headers;
}

/**
 * Writes a problem as JSON. Native paths use `application/problem+json`, other paths do if `Accept`
 * names it; WorkOS SDKs read error bodies only as `application/json`.
 */
export function writeProblem(
  req: IncomingMessage,
  res: ServerResponse,
  problem: Problem,
  publicUrl: string,
): void {
  const { requestId } = contextOf(res);
  const body = Buffer.from(JSON.stringify(problemBody(problem, requestId, publicUrl)));
  res.writeHead(PROBLEMS[problem.slug].status, {
    ...API_HEADERS,
    ...problemHeaders(problem),
    // Close the connection instead of reading the rest of an oversized body.
    ...(problem.slug === 'payload-too-large' && { connection: 'close' }),
    'x-request-id': requestId,
    'content-type': wantsProblemJson(req) ? 'application/problem+json' : 'application/json',
    'content-length': body.length,
  });
  res.end(body);
}

const wantsProblemJson = (req: IncomingMessage): boolean =>
  /^\/(v1|webhooks)([/?]|$)/.test(req.url ?? '') ||
  (req.headers.accept ?? '').includes('application/problem+json');

/** Turns a library's error into a Problem, or returns undefined for any other error. */
export type Translator = (error: unknown) => Problem | undefined;

/** Turns any error into a Problem. The message of an unknown error is not shown: it may hold secrets. */
export function toProblem(error: unknown, translators: readonly Translator[]): Problem {
  if (error instanceof Problem) return error;
  for (const translate of translators) {
    const problem = translate(error);
    if (problem) return problem;
  }
  return new Problem('internal', 'An unexpected error occurred and was logged.', { cause: error });
}

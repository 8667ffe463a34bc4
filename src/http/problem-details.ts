import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { PROBLEMS, Problem, type ProblemSlug } from '../core/problem.ts';
import { contextOf } from './request-context.ts';
import { API_HEADERS } from './security-headers.ts';

const FieldErrorSchema = z
  .object({
    field: z.string().meta({ description: 'Where: a field of the body or query, or a header.' }),
    code: z.string().meta({ description: 'What is wrong with it, for programs.' }),
    message: z.string().meta({ description: 'What is wrong with it, for people.' }),
  })
  .meta({ id: 'FieldError', description: 'One refused input.' });

/** RFC 9457 members, and the two that WorkOS SDKs read (`code`, `message`). */
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

/** Seconds after which a 503 may be tried again, where the problem does not know better. */
const DEFAULT_RETRY_AFTER = 2;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A path or a query is never echoed: tickets and codes travel in them. */
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

/** RFC 9110: a 401 says how to authenticate (§11.6.1), a 405 what there is (§15.5.6), a 503 when to come back (§10.2.3). */
export function problemHeaders(problem: Problem): Record<string, string> {
  const { status } = PROBLEMS[problem.slug];
  const headers: Record<string, string> = {};
  const challenge = CHALLENGES[problem.slug];
  if (challenge) headers['www-authenticate'] = challenge;
  if (problem.allow.length > 0) headers.allow = problem.allow.join(', ');
  if (problem.retryAfter !== undefined || status === 503) {
    headers['retry-after'] = String(problem.retryAfter ?? DEFAULT_RETRY_AFTER);
  }
  return headers;
}

/**
 * The one writer of a problem as JSON. Native paths answer `application/problem+json`, and so does
 * any other when `Accept` names it; WorkOS SDKs read error bodies only as `application/json`.
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
    // The rest of an oversized body is not worth reading to keep the connection.
    ...(problem.slug === 'payload-too-large' && { connection: 'close' }),
    'x-request-id': requestId,
    'content-type': wantsProblemJson(req) ? 'application/problem+json' : 'application/json',
    'content-length': body.length,
  });
  res.end(body);
}

const wantsProblemJson = (req: IncomingMessage): boolean =>
  // A request target may also be a whole URL (RFC 9112 §3.2.2).
  /^(https?:\/\/[^/?]*)?\/(v1|webhooks)([/?]|$)/.test(req.url ?? '') ||
  (req.headers.accept ?? '').includes('application/problem+json');

/** Turns a library's error into a Problem, or returns undefined if it is not its kind. */
export type Translator = (error: unknown) => Problem | undefined;

/** An error nobody translated may carry anything, so none of it is shown. */
export function toProblem(error: unknown, translators: readonly Translator[]): Problem {
  if (error instanceof Problem) return error;
  for (const translate of translators) {
    const problem = translate(error);
    if (problem) return problem;
  }
  return new Problem('internal', 'Something unexpected happened; it was logged.', { cause: error });
}

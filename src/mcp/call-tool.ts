import type { z } from 'zod';
import { Problem } from '../core/problem.ts';
import type { Endpoint, Input, Route } from '../http/endpoint.ts';
import type { RunNested } from '../http/nested-operation.ts';
import { parse } from '../http/parse.ts';
import { problemBody, problemHeaders } from '../http/problem-details.ts';
import { TOOLS } from './tools.ts';

export interface ToolDeps {
  /** The routes of the operations that tools run. */
  readonly routes: readonly Route[];
  readonly run: RunNested;
  readonly publicUrl: string;
}

export type CarryingRequest = Pick<Input<Endpoint>, 'headers' | 'actor'>;

/** Runs a tool. A refusal is a result too, so that the agent can read it. Returns undefined if there is no such tool. */
export async function callTool(
  { routes, run, publicUrl }: ToolDeps,
  request: CarryingRequest,
  name: string,
  given: Readonly<Record<string, unknown>> = {},
) {
  const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  const route = routes.find(({ operationId }) => operationId === tool?.operationId);
  if (!tool || !route) return undefined;
  const key = given.idempotency_key;
  try {
    const output = await run({
      route,
      request,
      via: 'mcp',
      idempotencyKey: typeof key === 'string' ? key : request.headers['idempotency-key'],
      values: () => tool.values(parse(tool.input, withoutNulls(tool.input, given))),
    });
    return succeeded(output as Record<string, unknown>);
  } catch (error) {
    if (error instanceof Problem) return refused(error, request.actor.requestId, publicUrl);
    throw error;
  }
}

/** Agents send null for an optional argument that they do not give. */
const withoutNulls = ({ shape }: z.ZodObject, given: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== null || !Object.hasOwn(shape, name)),
  );

const text = (value: string) => ({ type: 'text' as const, text: value });

const succeeded = (output: Record<string, unknown>) => ({
  content: [text(JSON.stringify(output))],
  structuredContent: output,
});

/** The sentence for the agent, and the problem for programs. Clients compare structured content with the schema of a success. */
function refused(problem: Problem, requestId: string, publicUrl: string) {
  const seconds = problemHeaders(problem)['retry-after'];
  const retry = seconds === undefined ? '' : ` Try again in ${seconds} s.`;
  return {
    isError: true,
    content: [
      text(`${problem.code}: ${problem.message}${retry}`),
      text(JSON.stringify(problemBody(problem, requestId, publicUrl))),
    ],
  };
}

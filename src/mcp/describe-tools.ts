import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Endpoint, Route } from '../http/endpoint.ts';
import { TOOLS } from './tools.ts';

/** Leaves out the names of schemas, so that none is a reference: some agents cannot follow references. */
class Unnamed extends z.core.$ZodRegistry<Record<string, unknown>> {
  override get(schema: z.core.$ZodType) {
    return { ...z.globalRegistry.get(schema), id: undefined };
  }
}

const UNNAMED = new Unnamed();

/** @param io the side that the schema describes, where it transforms values */
function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Tool['inputSchema'] {
  const described = z.toJSONSchema(schema, {
    io,
    metadata: UNNAMED,
    // Older clients know no newer version, and fail on its name.
    target: 'draft-7',
    override({ jsonSchema: one }) {
      // Zod's pattern of times has 200 characters; the format is enough.
      if (one.format === 'date-time') delete one.pattern;
    },
  });
  // Sound: a JSON schema is JSON.
  return { ...described, $schema: undefined, type: 'object' } as Tool['inputSchema'];
}

const replySchema = ({ reply }: Endpoint) =>
  'body' in reply ? { outputSchema: jsonSchema(reply.body, 'output') } : {};

/** The answer to `tools/list`. */
export const describeTools = (routes: readonly Route[]): Tool[] =>
  Object.entries(TOOLS).map(([name, { title, description, operationId, input, annotations }]) => ({
    name,
    title,
    description,
    inputSchema: jsonSchema(input, 'input'),
    ...routes
      .filter((route) => route.operationId === operationId)
      .map(({ endpoint }) => replySchema(endpoint))[0],
    annotations: { title, ...annotations },
  }));

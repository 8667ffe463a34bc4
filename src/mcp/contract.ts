import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';

const McpMessage = z
  .looseObject({
    jsonrpc: z.literal('2.0').meta({ description: 'Always `2.0`.' }),
    id: z
      .union([z.string(), z.int()])
      .optional()
      .meta({ description: 'Names a request. A notification has none.' }),
    method: z.string().optional().meta({ description: 'E.g. `tools/call`.' }),
    params: z.looseObject({}).optional().meta({ description: 'What the method needs.' }),
  })
  .meta({ id: 'McpMessage', description: 'A message of JSON-RPC 2.0.' });

const JsonRpcError = z
  .looseObject({
    jsonrpc: z.literal('2.0').meta({ description: 'Always `2.0`.' }),
    error: z
      .looseObject({
        code: z.int().meta({ description: 'Code of JSON-RPC 2.0, section 5.1.' }),
        message: z.string().meta({ description: 'What was wrong.' }),
      })
      .meta({ description: 'Why the message was refused.' }),
  })
  .meta({ id: 'JsonRpcError', description: 'A refusal of JSON-RPC 2.0.' });

export const mcpContract = {
  sendMcpMessage: {
    method: 'post',
    path: '/mcp',
    summary: 'Send a message of the Model Context Protocol',
    description:
      'For AI agents: streamable HTTP without sessions. The tools run operations of this document for the same client and acting user; `tools/list` describes them. A refused tool call is a result with `isError`; a malformed message is a JSON-RPC error.',
    access: 'client',
    whenCallerLeaves: 'stop',
    headers: z.object({
      'MCP-Protocol-Version': z
        .string()
        .optional()
        .meta({ description: 'The negotiated version. MCP clients send it themselves.' }),
    }),
    body: McpMessage,
    bodyAs: 'bytes',
    reply: {
      status: 'document',
      type: 'application/json',
      answers: {
        200: 'The JSON-RPC response.',
        202: 'The notification was received.',
        400: 'A JSON-RPC error: the message is malformed, or of a version that is not supported.',
        406: 'A JSON-RPC error: `Accept` does not cover `application/json` and `text/event-stream`.',
      },
      refusal: JsonRpcError,
    },
    problems: ['foreign-origin'],
    example: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  },
} as const satisfies Contract;

import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { Line } from '../core/text.ts';

const ProviderIcon = z
  .object({
    type: z.string().meta({ description: 'The type of a connection or directory.' }),
    name: z.string().meta({ description: 'What people call it.' }),
    icon: z
      .object({
        light: z.string().meta({ description: 'An SVG for light pages.' }),
        dark: z.string().meta({ description: 'An SVG for dark pages.' }),
      })
      .nullable()
      .meta({ description: 'Where its icon is. Null: none is known.' }),
  })
  .meta({ id: 'ProviderIcon', description: 'How to show an identity provider.' });

export const providerIconsContract = {
  listProviderIcons: {
    method: 'get',
    path: '/v1/provider-icons',
    summary: 'How to show identity providers: names and icons',
    description: 'Of every type that WorkOS documents, or of the types that are asked for.',
    access: { scope: 'connections:read' },
    repeatable: ['type'],
    query: z.strictObject({
      type: Line(2_000).optional().meta({
        description: 'Only of these types; by commas, or repeated. An unknown one has no icon.',
      }),
    }),
    reply: {
      status: 200,
      body: z
        .object({
          object: z.literal('list').meta({ description: 'Always `list`.' }),
          data: z.array(ProviderIcon).meta({ description: 'One for each type.' }),
        })
        .meta({ id: 'ProviderIconList', description: 'Identity providers.' }),
    },
    problems: [],
  },
} as const satisfies Contract;

import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { Line } from '../core/text.ts';

const ProviderIcon = z
  .object({
    type: z.string().meta({ description: 'The type of a connection or directory.' }),
    name: z.string().meta({ description: 'The provider’s name.' }),
    icon: z
      .object({
        light: z.string().meta({ description: 'An SVG for light pages.' }),
        dark: z.string().meta({ description: 'An SVG for dark pages.' }),
      })
      .nullable()
      .meta({ description: 'URLs of the icon. Null when none is known.' }),
  })
  .meta({ id: 'ProviderIcon', description: 'Name and icon of an identity provider.' });

export const providerIconsContract = {
  listProviderIcons: {
    method: 'get',
    path: '/v1/provider-icons',
    summary: 'List names and icons of identity providers',
    description: 'Lists every type that WorkOS documents, or the requested types.',
    access: { scope: 'connections:read' },
    lists: ['type'],
    query: z.strictObject({
      type: Line(2_000).optional().meta({
        description:
          'Only these types, separated by commas or as repeated parameters. An unknown type has no icon.',
      }),
    }),
    reply: {
      status: 200,
      body: z
        .object({
          object: z.literal('list').meta({ description: 'Always `list`.' }),
          data: z.array(ProviderIcon).meta({ description: 'One entry for each type.' }),
        })
        .meta({ id: 'ProviderIconList', description: 'A list of identity providers.' }),
    },
    problems: [],
  },
} as const satisfies Contract;

import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';

const count = (description: string) => z.int().meta({ description });

const ByPriority = z
  .object({
    login: count('While a person signs in.'),
    interactive: count('While a person waits for a page, a portal link or a second factor.'),
    ordinary: count('Other requests.'),
    batch: count('Lists that read many objects, provisioning and background tasks.'),
  })
  .meta({ id: 'RequestsByPriority', description: 'Requests to WorkOS in the last minute.' });

const ClientUse = z
  .object({
    client_id: z.string().meta({
      description:
        'The client. `@browsers` stands for pages that browsers open, `@background` for background tasks.',
    }),
    share: count('How many requests a minute this client may make at the moment.'),
    used: count('Requests of this client in the last minute.'),
    used_by_priority: ByPriority,
  })
  .meta({ id: 'UpstreamBudgetClient', description: 'What one client uses.' });

const Hold = z
  .object({
    operation: z.string().meta({
      description:
        'The operations that WorkOS holds back; with the object, for clients of every tenant.',
    }),
    retry_after: count('Seconds until Gatehouse asks WorkOS again.'),
  })
  .meta({ id: 'UpstreamHold', description: 'A `Retry-After` of WorkOS that is still in force.' });

export const upstreamBudgetContract = {
  getUpstreamBudget: {
    method: 'get',
    path: '/v1/upstream-budget',
    summary: 'Get the budget of requests to WorkOS',
    description:
      'What is left of the requests that Gatehouse may make to WorkOS, and who uses them. A client that may use every tenant sees all clients, any other client sees itself. The figures of other processes are up to two seconds old.',
    access: { scope: 'tenants:read' },
    reply: {
      status: 200,
      body: z
        .object({
          object: z.literal('upstream_budget').meta({ description: 'Always `upstream_budget`.' }),
          limit: count('Requests that all processes may make in a window.'),
          window_seconds: count('The window, in seconds.'),
          used: count('Requests in the last minute.'),
          remaining: count('The rest of the limit. Logins may use more than there is.'),
          used_by_priority: ByPriority,
          clients: z
            .array(ClientUse)
            .meta({ description: 'The clients that made requests, those with most first.' }),
          holds: z.array(Hold).meta({ description: 'What WorkOS holds back.' }),
        })
        .meta({ id: 'UpstreamBudget', description: 'The budget of requests to WorkOS.' }),
    },
    problems: [],
  },
} as const satisfies Contract;

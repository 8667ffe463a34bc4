import { z } from 'zod';
import { ExactNumber, time } from '../forwarding/wire.ts';

const facts = z
  .record(z.string().max(40), z.union([z.string().max(500), ExactNumber, z.boolean()]))
  .refine((entries) => Object.keys(entries).length <= 50, 'must have at most 50 keys')
  .optional()
  .meta({ description: 'More facts. Send integers beyond ±9007199254740991 as text.' });
/** Passed on as it is: the person whose act is recorded chooses some of these, and a refusal would lose the event. */
const fact = (description: string) => z.string().meta({ description });
const optionalFact = (description: string) => z.string().min(1).optional().meta({ description });

const AuditLogParty = z
  .strictObject({
    id: fact('Your id of the actor or target.'),
    type: fact('The kind of actor or target, e.g. `user`.'),
    name: optionalFact('Its name.'),
    metadata: facts,
  })
  .meta({ id: 'AuditLogParty', description: 'An actor, or a target.' });

/** @see https://workos.com/docs/reference/audit-logs/event */
export const AuditLogEvent = z
  .strictObject({
    action: fact('The action, as named by a schema of the environment.'),
    occurred_at: time('When: ISO 8601.'),
    actor: AuditLogParty.meta({ description: 'The actor.' }),
    targets: z.array(AuditLogParty).meta({ description: 'The targets.' }),
    context: z
      .strictObject({
        location: fact('The IP address.'),
        user_agent: optionalFact('The user agent.'),
      })
      .meta({ description: 'The context of the request.' }),
    metadata: facts,
    version: z.int().min(1).optional().meta({ description: 'The version of the schema.' }),
  })
  .meta({ description: 'The event.' });

/** The schema of an action: the fields that its audit-log events may have. */
import { z } from 'zod';
import { Line } from '../../core/text.ts';
import { free, list, object, part, stamps, text, whole } from '../forwarding/wire.ts';

export const AuditLogSchema = object('AuditLogSchema', 'audit_log_schema', {
  version: whole('The version, counted from 1.'),
  actor: part({ metadata: free('A JSON schema.') }, 'The schema of the actor.'),
  targets: list(
    z.object({ type: text('The kind of target.'), metadata: free('A JSON schema.') }),
    'The targets that an action can have.',
  ),
  metadata: free('A JSON schema.'),
  created_at: stamps.created_at,
});

const jsonSchema = z
  .record(z.string().max(100), z.unknown())
  .optional()
  .meta({ description: 'A JSON schema.' });

export const CreateAuditLogSchema = z
  .strictObject({
    actor: z
      .strictObject({ metadata: jsonSchema })
      .optional()
      .meta({ description: 'The schema of the actor.' }),
    targets: z
      .array(
        z.strictObject({
          type: Line(255).meta({ description: 'The kind of target.' }),
          metadata: jsonSchema,
        }),
      )
      .max(100)
      .meta({ description: 'The targets that the action can have.' }),
    metadata: jsonSchema,
  })
  .meta({
    id: 'CreateAuditLogSchema',
    description: 'The fields that events of the action may have.',
  });

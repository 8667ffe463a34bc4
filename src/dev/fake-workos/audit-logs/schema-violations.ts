/** Checks an event against the schema of its action. */
import { z } from 'zod';
import type { AuditLogEvent, AuditLogSchema, MetadataSchema } from '../state/audit-logs.ts';

const Metadata = z
  .record(
    z.string().regex(/^[a-zA-Z0-9_-]{0,40}$/),
    z.union([z.string().max(500), z.number(), z.boolean()]),
  )
  .refine((entries) => Object.keys(entries).length <= 50);

/** Returns JSON pointers of the violations, `/targets/0/metadata/cost`; empty when the event is valid. */
export function schemaViolations(event: AuditLogEvent, schema: AuditLogSchema): string[] {
  return [
    ...metadataViolations('/metadata', event.metadata, schema.metadata),
    ...metadataViolations('/actor/metadata', event.actor.metadata, schema.actor?.metadata),
    ...event.targets.flatMap((target, index) => {
      const wanted = schema.targets.find(({ type }) => type === target.type);
      if (!wanted) return [`/targets/${index}/type`];
      return metadataViolations(`/targets/${index}/metadata`, target.metadata, wanted.metadata);
    }),
    ...(event.targets.length === 0 ? ['/targets'] : []),
  ];
}

function metadataViolations(
  place: string,
  given: Record<string, unknown> | undefined,
  schema: MetadataSchema | undefined,
): string[] {
  const rules = [Metadata, ...(schema ? [z.fromJSONSchema(schema)] : [])];
  return rules
    .flatMap((rule) => rule.safeParse(given ?? {}).error?.issues ?? [])
    .map(({ path }) => [place, ...path.map(String)].join('/'));
}

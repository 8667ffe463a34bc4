/** Whether an event is what the schema of its action says. */
import { z } from 'zod';
import type { AuditLogEvent, AuditLogSchema, MetadataSchema } from '../state/audit-logs.ts';

const Metadata = z
  .record(
    z.string().regex(/^[a-zA-Z0-9_-]{0,40}$/),
    z.union([z.string().max(500), z.number(), z.boolean()]),
  )
  .refine((entries) => Object.keys(entries).length <= 50);

/** JSON pointers of what is wrong, `/targets/0/metadata/cost`; empty where nothing is. */
export function mismatches(event: AuditLogEvent, schema: AuditLogSchema): string[] {
  return [
    ...faultsOf('/metadata', event.metadata, schema.metadata),
    ...faultsOf('/actor/metadata', event.actor.metadata, schema.actor?.metadata),
    ...event.targets.flatMap((target, index) => {
      const wanted = schema.targets.find(({ type }) => type === target.type);
      if (!wanted) return [`/targets/${index}/type`];
      return faultsOf(`/targets/${index}/metadata`, target.metadata, wanted.metadata);
    }),
    ...(event.targets.length === 0 ? ['/targets'] : []),
  ];
}

function faultsOf(
  place: string,
  given: Record<string, unknown> | undefined,
  schema: MetadataSchema | undefined,
): string[] {
  const rules = [Metadata, ...(schema ? [z.fromJSONSchema(schema)] : [])];
  return rules
    .flatMap((rule) => rule.safeParse(given ?? {}).error?.issues ?? [])
    .map(({ path }) => [place, ...path.map(String)].join('/'));
}

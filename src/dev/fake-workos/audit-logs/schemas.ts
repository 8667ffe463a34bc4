/** Audit-log actions and their schemas. Each new schema is a new version. */
import { z } from 'zod';
import type { AuditLogAction, AuditLogSchema } from '../state/audit-logs.ts';
import { requireFound, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { parse } from '../http/validation.ts';
import { timestamps, type World } from '../state/world.ts';

export const auditLogSchemaOperations: readonly Operation[] = [
  { method: 'GET', path: '/audit_logs/actions', perform: listActions },
  { method: 'GET', path: '/audit_logs/actions/{actionName}/schemas', perform: listSchemas },
  { method: 'POST', path: '/audit_logs/actions/{actionName}/schemas', perform: create },
];

const MetadataSchema = z.record(z.string(), z.unknown()).refine(isJsonSchema);
const CreateSchema = z.object({
  actor: z.object({ metadata: MetadataSchema }).optional(),
  targets: z.array(z.object({ type: z.string().min(1), metadata: MetadataSchema.optional() })),
  metadata: MetadataSchema.optional(),
});

/** Adds the next schema version of an action; creates the action if it is new. */
export function addAuditLogSchema(
  world: World,
  actionName: string,
  given: z.infer<typeof CreateSchema>,
): AuditLogSchema {
  const known = world.state.auditLogActions.get(actionName);
  const action = known ?? newAction(world, actionName);
  const schema: AuditLogSchema = {
    object: 'audit_log_schema',
    version: action.schemas.length + 1,
    ...(given.actor && { actor: given.actor }),
    targets: given.targets.map(({ type, metadata }) => ({ type, ...(metadata && { metadata }) })),
    ...(given.metadata && { metadata: given.metadata }),
    created_at: world.now().toISOString(),
  };
  action.schemas.push({ ...schema, id: world.newId('audit_log_schema') });
  action.updated_at = schema.created_at;
  world.state.auditLogActions.set(actionName, action);
  return schema;
}

function newAction(world: World, name: string): AuditLogAction {
  return { id: world.newId('audit_log_action'), name, schemas: [], ...timestamps(world) };
}

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateSchema, request.body);
  return { status: 201, body: addAuditLogSchema(world, actionNameOf(request), input) };
}

function listActions(request: ApiRequest, { state }: World): Reply {
  return listReply(state.auditLogActions.values(), request, (action) => ({
    object: 'audit_log_action',
    name: action.name,
    schema: withoutId(action.schemas.at(-1)),
    created_at: action.created_at,
    updated_at: action.updated_at,
  }));
}

function listSchemas(request: ApiRequest, { state }: World): Reply {
  const name = actionNameOf(request);
  const { schemas } = requireFound(state.auditLogActions.get(name), 'Audit Log action', name);
  return listReply(schemas, request, withoutId);
}

function withoutId(schema: AuditLogAction['schemas'][number] | undefined) {
  return { ...schema, id: undefined };
}

function actionNameOf({ params }: ApiRequest): string {
  return params.actionName ?? '';
}

function isJsonSchema(value: Record<string, unknown>): boolean {
  try {
    z.fromJSONSchema(value);
    return true;
  } catch {
    return false;
  }
}

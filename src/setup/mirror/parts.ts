/** The WorkOS lists and objects that make up an organization's setup. */
import { z } from 'zod';
import type { Upstream } from '../../workos/upstream.ts';
import { paginate } from '../../workos/paginate.ts';
import { parseReply, requireSameId } from '../../workos/parse-reply.ts';
import type { MirrorEntry, Kind } from './rows.ts';
import {
  AuditLogConfiguration,
  Connection,
  connectionEntry,
  Directory,
  directoryEntry,
  Organization,
  organizationEntries,
} from './wire.ts';

interface PartReader {
  /** Kinds of which the read is complete: an object that it lacks is absent at WorkOS. */
  readonly kinds: readonly Kind[];
  readonly read: (upstream: Upstream, organizationId: string) => Promise<readonly MirrorEntry[]>;
}

export type PartName = 'connections' | 'directories' | 'organization' | 'audit_log_configuration';

const CALL = { class: 'setup', repeatable: true } as const;

export const PARTS: Readonly<Record<PartName, PartReader>> = {
  connections: {
    kinds: ['connection'],
    read: async (upstream, id) =>
      (await list(upstream, '/connections', id, Connection)).map((one) => connectionEntry(one, id)),
  },
  directories: {
    kinds: ['directory'],
    read: async (upstream, id) =>
      (await list(upstream, '/directories', id, Directory)).map((one) => directoryEntry(one, id)),
  },
  organization: {
    kinds: ['domain'],
    read: async (upstream, id) =>
      organizationEntries(
        requireSameId(id, await get(upstream, `/organizations/${id}`, {}, Organization)),
      ),
  },
  audit_log_configuration: {
    kinds: [],
    read: async (upstream, id) => {
      const path = `/organizations/${id}/audit_log_configuration`;
      const { state, log_stream: stream } = await get(upstream, path, {}, AuditLogConfiguration);
      // It has no time of its own, so the time of reading is used, by the one clock that all replicas see.
      const updatedAt = new Date(upstream.now()).toISOString();
      const data = { state, log_stream: stream ?? null };
      return [{ kind: 'audit_log_configuration', id, organizationId: id, data, updatedAt }];
    },
  },
};

/** A member of another organization makes the whole list invalid. */
const listOf = <S extends z.ZodType>(member: S, organizationId: string) =>
  z.object({
    data: z.array(member.and(z.object({ organization_id: z.literal(organizationId).nullish() }))),
    list_metadata: z.object({ after: z.string().nullish() }),
  });

/** 5,000 connections or directories. */
const MAX_PAGES = 50;

/** Reads the whole list. @throws UpstreamFailure */
async function list<S extends z.ZodType>(
  upstream: Upstream,
  path: string,
  organizationId: string,
  member: S,
): Promise<z.output<S>[]> {
  const all: z.output<S>[] = [];
  const read = (after: string | undefined) => {
    const query = { organization_id: organizationId, limit: 100, ...(after && { after }) };
    return get(upstream, path, query, listOf(member, organizationId));
  };
  const pages = paginate(read, (page) => page.list_metadata.after, { maxPages: MAX_PAGES });
  for await (const { data } of pages) all.push(...data);
  return all;
}

/** Bypasses the SDK's own methods, whose types lack states that WorkOS has. @throws UpstreamFailure */
async function get<S extends z.ZodType>(
  upstream: Upstream,
  path: string,
  query: Readonly<Record<string, unknown>>,
  schema: S,
): Promise<z.output<S>> {
  const { data } = await upstream.call(CALL, (workos) => workos.get<unknown>(path, { query }));
  return parseReply(schema, data, `what ${path.split('/')[1] ?? ''} are`);
}

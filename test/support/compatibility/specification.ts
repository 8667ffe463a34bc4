/** WorkOS's own OpenAPI document, as far as these tests ask it. */
import { readOpenApi, WORKOS_SPECIFICATION } from '../open-api-documents.ts';
import type { Schema } from './schema-fields.ts';

interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Specified {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Media>> }>
  >;
}

/** `components` and `paths` of a document, ours or WorkOS's. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Specified>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export const readSpecification = (): Document => readOpenApi(WORKOS_SPECIFICATION) as Document;

/** Two documents may name the same parameter differently. */
export const nameless = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}');

/** What a document says of an operation; undefined: it does not know it. */
export function specified(
  { paths }: Document,
  method: string,
  path: string,
): Specified | undefined {
  const found = Object.entries(paths).find(([other]) => nameless(other) === nameless(path));
  return found?.[1][method];
}

const json = (content: Readonly<Record<string, Media>> | undefined): Media | undefined =>
  content?.['application/json'];

/** What it takes; undefined: no JSON. */
export const bodyOf = ({ requestBody }: Specified): Schema | undefined =>
  json(requestBody?.content)?.schema;

/** What it answers when all is well, the body before the empty answer. */
export function replyOf({ responses }: Specified): { status: number; media?: Media | undefined } {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const withBody = successes.find(([, { content }]) => json(content));
  const [status = '204', reply] = withBody ?? successes.at(-1) ?? [];
  return { status: Number(status), media: json(reply?.content) };
}

/** Of its query. */
export const queryOf = ({ parameters = [] }: Specified): readonly Parameter[] =>
  parameters.filter((parameter) => parameter.in === 'query');

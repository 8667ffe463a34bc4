/** The file that is generated. */
export declare const SCHEMA: string;

/** The text of schema.d.ts. @param contract the parsed openapi.yaml */
export declare function schemaOf(contract: object): Promise<string>;

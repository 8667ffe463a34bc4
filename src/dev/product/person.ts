/** A user of the demo product. */
export interface Person {
  /** The `sub` of this person's tokens. */
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly roles: readonly string[];
  /** Undefined when the person signed in on the product's own page. */
  readonly signedInBy?: SignedInBy | undefined;
}

/** The SSO connection that signed the person in. */
export interface SignedInBy {
  readonly email: string;
  readonly connectionId: string;
  readonly connectionType: string;
}

/** The tenant's display name; falls back to the tenant id. */
export const tenantNameOf = (people: readonly Person[], tenantId: string): string =>
  people.find((person) => person.tenantId === tenantId)?.tenantName ?? tenantId;

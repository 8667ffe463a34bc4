/** Someone who may sign in to the product of `npm run dev`. */
export interface Person {
  /** The `sub` of this person's tokens. */
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly roles: readonly string[];
  /** Undefined: signed in here, by name. */
  readonly signedInBy?: SignedInBy | undefined;
}

/** The tenant's own identity provider, and what it says. */
export interface SignedInBy {
  readonly email: string;
  readonly connectionId: string;
  readonly connectionType: string;
}

/** As its people call it; an id that nobody here is of stands for itself. */
export const tenantNameOf = (people: readonly Person[], tenantId: string): string =>
  people.find((person) => person.tenantId === tenantId)?.tenantName ?? tenantId;

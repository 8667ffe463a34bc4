/** Someone who may sign in to the product of `npm run dev`. */
export interface Person {
  /** The `sub` of this person's tokens. */
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly roles: readonly string[];
}

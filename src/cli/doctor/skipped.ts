/** The check lacks something whose absence another check reports. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

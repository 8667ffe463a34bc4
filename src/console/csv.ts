/**
 * Matches where a spreadsheet would begin a formula: at the beginning of a cell, and behind a semicolon, which ends
 * a cell where a comma is the decimal point. Spreadsheets read the full-width forms of the signs too.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /(?<=^|[;\t\r\n])(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/g;

/** One line of a CSV file (RFC 4180). What would be a formula begins with an apostrophe. */
export const csvLine = (cells: readonly (string | null)[]): string =>
  `${cells.map((cell) => quoted(cell ?? '')).join(',')}\r\n`;

const quoted = (cell: string): string => {
  const harmless = cell.replaceAll(FORMULA, "'");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

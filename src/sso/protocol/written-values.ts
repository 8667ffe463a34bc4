/**
 * Reads a list or map that an SDK has written into one parameter: as JSON (Ruby), or as Python prints it,
 * `{'hd': 'acme.example'}` and `['openid', 'email']`.
 *
 * @returns undefined if the text is neither
 */
export function readWritten(text: string): unknown {
  return parsedJson(text) ?? parsedJson(pythonToJson(text));
}

/** A text in quotes, whose only escapes are of quotes and backslashes, or what stands between texts. */
const TOKEN = /'((?:[^'\\]|\\['"\\])*)'|"((?:[^"\\]|\\['"\\])*)"|[{}[\]:, ]/y;

function pythonToJson(text: string): string {
  let json = '';
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [token, single, double] = TOKEN.exec(text) ?? [];
    if (token === undefined) return '';
    const written = single ?? double;
    json += written === undefined ? token : JSON.stringify(written.replaceAll(/\\(.)/g, '$1'));
  }
  return json;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the request.
    return undefined;
  }
}

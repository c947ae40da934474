/** What a browser or another reader is told about an object, by the end of its key. Text is UTF-8. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
};

/** The content type of an object; bytes if its key says nothing. */
export function contentType(key: string): string {
  return TYPES[/\.([a-z]+)$/.exec(key)?.[1] ?? ''] ?? 'application/octet-stream';
}

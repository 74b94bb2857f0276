/** The text without comments and without what is in quotes. */
export function plainProto(schema: string): string {
  const parts = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return schema.replace(parts, (part) => (/^["']/.test(part) ? '""' : ' '));
}

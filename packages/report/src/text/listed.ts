/** `a, b and c`; `a, b; c; and d` where an item has a comma of its own. */
export function listed(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  const separator = items.length > 2 && items.some((item) => item.includes(',')) ? ';' : '';
  return `${items.slice(0, -1).join(separator === '' ? ', ' : '; ')}${separator} ${conjunction} ${items.at(-1)}`;
}

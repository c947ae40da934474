// Figures as tables: aligned for a terminal, and as Markdown.

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** 1234.5 → `1,235`, 12.34 → `12.3`, 1.234 → `1.23`. */
export function figure(value) {
  if (value === undefined || value === null || !Number.isFinite(value)) return '–';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Median and range of a list, as `1.52 (1.48–1.60)`. */
export function spread(values) {
  if (values.length === 0) return '–';
  return `${figure(median(values))} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`;
}

/** Columns padded to their widest cell; the first to the left, figures to the right. */
export function textTable(header, rows) {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

const markdownLine = (cells) => `| ${cells.join(' | ')} |`;

export function markdownTable(header, rows) {
  return [
    markdownLine(header),
    `|---|${header
      .slice(1)
      .map(() => '---:|')
      .join('')}`,
    ...rows.map(markdownLine),
  ].join('\n');
}

import { visibleLength } from './style.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export const left = (title: string): Column => ({ title, align: 'left' });
export const right = (title: string): Column => ({ title, align: 'right' });

/** Lines of a table: a header and rows in columns as wide as their widest cell. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  styleHeader: (text: string) => string,
): string[] {
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, i) => {
        const cell = cells[i] ?? '';
        const fill = ' '.repeat((widths[i] ?? 0) - visibleLength(cell));
        return align === 'left' ? cell + fill : fill + cell;
      })
      .join('  ')
      .trimEnd();
  return [styleHeader(line(columns.map(({ title }) => title))), ...rows.map(line)];
}

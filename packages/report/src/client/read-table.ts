import { NUMBER_CELLS } from '../page/number-cells.ts';

/** One cell of a table in the page. */
export interface ReadCell {
  /** As shown, without what only screen readers get. */
  readonly text: string;
  /** A number with every digit, where the page has it; otherwise the text. */
  readonly value: string | number;
  readonly isNumber: boolean;
  readonly isHead: boolean;
}

function shownText(cell: Element): string {
  const copy = cell.cloneNode(true) as Element;
  for (const hidden of Array.from(copy.querySelectorAll('.sr, svg, input'))) hidden.remove();
  for (const line of Array.from(copy.querySelectorAll('br'))) line.replaceWith(' ');
  return (copy.textContent ?? '').replace(/[ \t\n\r]+/g, ' ').trim();
}

/** A table's rows in order, each with one cell per column: a cell that spans columns is followed by empty ones. */
export function readTable(table: HTMLTableElement): ReadCell[][] {
  return Array.from(table.rows, (row) =>
    Array.from(row.cells)
      .filter((cell) => !cell.classList.contains('pick'))
      .flatMap((cell): ReadCell[] => {
        const text = shownText(cell);
        const isHead = cell.closest('thead') !== null;
        const exact = cell.dataset['v'] ?? '';
        const read = {
          text,
          value: exact === '' ? text : Number.isFinite(Number(exact)) ? Number(exact) : exact,
          isNumber: cell.matches(NUMBER_CELLS),
          isHead,
        };
        const empty = { text: '', value: '', isNumber: read.isNumber, isHead };
        return [read, ...Array.from({ length: cell.colSpan - 1 }, () => empty)];
      }),
  );
}

/** Characters that LaTeX would take for commands, and symbols that its text fonts lack. */
const LATEX: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '\u00A0': '~',
  '\u2212': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '≈': '$\\approx$',
  '≤': '$\\le$',
  '≥': '$\\ge$',
  '<': '$<$',
  '>': '$>$',
  '▲': '$\\uparrow$',
  '▼': '$\\downarrow$',
  '★': '$\\star$',
  '·': '$\\cdot$',
  '°': '$^{\\circ}$',
  '–': '--',
  '…': '\\dots{}',
  '’': "'",
  '“': '``',
  '”': "''",
};

const latexText = (text: string): string =>
  text.replace(/[\\&%$#_{}~^\u00A0\u2212±×≈≤≥<>▲▼★·°–…’“”]/g, (character) => LATEX[character]!);

/** A cell of a table to write: its text, and whether its column is of numbers. */
export interface LatexCell {
  readonly text: string;
  readonly isNumber: boolean;
  readonly isHead: boolean;
}

/** Rows as a LaTeX table with rules of the package booktabs; columns of numbers are aligned right. */
export function latexTable(rows: readonly (readonly LatexCell[])[], caption: string): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const body = rows.filter((row) => row.some(({ isHead }) => !isHead));
  const align = Array.from({ length: columns }, (_, i) => (body.some((row) => row[i]?.isNumber) ? 'r' : 'l')).join('');
  const line = (row: readonly LatexCell[]): string => `${row.map(({ text }) => latexText(text)).join(' & ')} \\\\`;
  return [
    '% \\usepackage{booktabs}',
    '\\begin{table}',
    `\\caption{${latexText(caption)}}`,
    `\\begin{tabular}{${align}}`,
    '\\toprule',
    ...rows.filter((row) => !body.includes(row)).map(line),
    '\\midrule',
    ...body.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

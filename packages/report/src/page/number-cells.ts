/**
 * The cells that hold numbers, as a selector. In the table of runs, which has the most, those that hold none are marked
 * instead.
 */
export const NUMBER_CELLS = '.n,#runs-table tbody td:not(.left,.pick)';

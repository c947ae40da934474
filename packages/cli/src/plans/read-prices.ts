import { readFile } from 'node:fs/promises';
import { parsePrices, type PriceTable, standardPrices, UserError } from '@bakeoff/core';

/** The price table in a file, or else the built-in one. */
export async function readPrices(path: string | undefined): Promise<PriceTable> {
  if (path === undefined) return standardPrices;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(
      {
        what: 'the price table cannot be read',
        received: path,
        fix: 'give the path of a JSON file in the format of packages/core/src/cost/prices.json',
      },
      { cause: error },
    );
  }
  return parsePrices(text, path);
}

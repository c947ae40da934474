import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parsePrices } from '@bakeoff/core';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** `price-list` has the form of AWS's files, with a few of their rows. */
const readPrices = (region: string) =>
  run(process.execPath, [join(root, 'scripts/read-prices.mjs'), region], {
    env: { ...process.env, BAKEOFF_PRICE_LIST: join(import.meta.dirname, 'price-list') },
  });

it('reads the on-demand prices of plain Linux instances and of Fargate in a region', async () => {
  const { stdout } = await readPrices('eu-west-1');
  const table = parsePrices(stdout, 'prices-eu-west-1.json');
  expect(table).toMatchObject({
    region: 'eu-west-1',
    hourly: { 'g4dn.xlarge': { onDemand: 0.587, spot: 0.22 }, 'g5.xlarge': { onDemand: 1.123, spot: 0.47 } },
    // Spot's vCPUs as listed, which come last, and its memory by its share.
    fargate: { vcpuHour: 0.04048, gibHour: 0.004445, spot: { vcpuHour: 0.01245, gibHour: 0.0014 } },
  });
  expect(Object.keys(table.hourly)).toEqual(['g4dn.xlarge', 'g5.xlarge']);
});

it('refuses what is not a region', async () => {
  await expect(readPrices('Ireland')).rejects.toMatchObject({ code: 2 });
});

export { fargateHourly, parsePrices, standardPrices, type PriceTable } from './price-table.ts';
export { runCost, type RunCost } from './run-cost.ts';

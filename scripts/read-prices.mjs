// Reads what instances and Fargate cost in a region from AWS's public price list, which needs no account, and prints a
// table for `--prices FILE` of bakeoff submit, schedule and report.
//   usage: node scripts/read-prices.mjs REGION > prices-REGION.json
// The list of EC2 prices of a region is a few hundred MB, so it is read as a stream. It has no Spot prices of instances,
// which change daily: they are estimated by the shares of on-demand prices in the table that ships with Bakeoff.
// BAKEOFF_PRICE_LIST names another address, or a folder, in place of AWS's.
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const base = process.env.BAKEOFF_PRICE_LIST ?? 'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws';
const known = JSON.parse(readFileSync(join(import.meta.dirname, '../packages/core/src/cost/prices.json'), 'utf8'));
const [region] = process.argv.slice(2);
if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
  console.error(`error: name a region, such as eu-west-1; received: ${region ?? 'none'}`);
  process.exit(2);
}

const hourly = {};
for await (const row of rows('AmazonEC2')) {
  const type = row['Instance Type'];
  const isPlain =
    row['TermType'] === 'OnDemand' &&
    row['Operating System'] === 'Linux' &&
    row['Tenancy'] === 'Shared' &&
    row['Pre Installed S/W'] === 'NA' &&
    row['CapacityStatus'] === 'Used' &&
    row['operation'] === 'RunInstances';
  if (!isPlain || !Object.hasOwn(known.hourly, type)) continue;
  const onDemand = Number(row['PricePerUnit']);
  const { spot, onDemand: usual } = known.hourly[type];
  hourly[type] = { onDemand, spot: Number((onDemand * (spot / usual)).toPrecision(2)) };
}
const fargate = {};
const fargateSpot = {};
for await (const row of rows('AmazonECS')) {
  if (row['TermType'] !== 'OnDemand') continue;
  // Other systems and processors have names with more parts: Fargate-ARM-vCPU-Hours, Fargate-Windows-…
  const [, spot, unit] =
    /^(?:[A-Z0-9]+-)?(SpotUsage-)?Fargate-(vCPU-Hours:perCPU|GB-Hours)$/.exec(row['usageType']) ?? [];
  if (unit === undefined) continue;
  const prices = spot === undefined ? fargate : fargateSpot;
  prices[unit === 'GB-Hours' ? 'gibHour' : 'vcpuHour'] = Number(row['PricePerUnit']);
}
const missing = [
  ...(Object.keys(hourly).length === 0 ? [`instances of the types ${Object.keys(known.hourly).join(', ')}`] : []),
  ...(fargate.vcpuHour > 0 && fargate.gibHour > 0 ? [] : ['Fargate']),
];
if (missing.length > 0) {
  console.error(`error: the price list of ${region} has no prices for ${missing.join(', and for ')}`);
  process.exit(1);
}
const table = {
  date: new Date().toISOString().slice(0, 10),
  region,
  source: `AWS price list for ${region}, Linux: on-demand as listed, Spot estimated by its share in us-east-1 of ${known.date}`,
  hourly: Object.fromEntries(
    Object.keys(known.hourly).flatMap((type) => (type in hourly ? [[type, hourly[type]]] : [])),
  ),
  fargate: { ...fargate, spot: spotOf(fargate, fargateSpot) },
};
console.log(JSON.stringify(table, undefined, 2));

/** Spot's prices of Fargate as listed; what the list does not have is estimated by its share. */
function spotOf({ vcpuHour, gibHour }, listed) {
  const { spot, vcpuHour: usualVcpuHour, gibHour: usualGibHour } = known.fargate;
  return {
    vcpuHour: listed.vcpuHour ?? Number((vcpuHour * (spot.vcpuHour / usualVcpuHour)).toPrecision(2)),
    gibHour: listed.gibHour ?? Number((gibHour * (spot.gibHour / usualGibHour)).toPrecision(2)),
  };
}

/** The rows of a service's list as objects. Five lines about the file come first, then the names of the columns. */
async function* rows(service) {
  let names;
  for await (const line of createInterface({ input: await open(service), crlfDelay: Infinity })) {
    const cells = parseRow(line);
    if (names !== undefined) yield Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
    else if (cells[0] === 'SKU') names = cells;
  }
}

async function open(service) {
  const address = `${base}/${service}/current/${region}/index.csv`;
  if (!address.startsWith('http')) return createReadStream(address);
  const response = await fetch(address);
  if (response.ok && response.body !== null) return Readable.fromWeb(response.body);
  console.error(`error: ${address} answers with ${response.status}; is ${region} a region?`);
  return process.exit(1);
}

/** One line of CSV: every cell is in quotes, and a quote in a cell is doubled. */
function parseRow(line) {
  return [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell.replaceAll('""', '"'));
}

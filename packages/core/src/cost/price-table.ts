import * as z from 'zod';
import { UserError } from '../user-error.ts';
import prices from './prices.json' with { type: 'json' };

const dollars = z.number().min(0);

const priceTableSchema = z.strictObject({
  /** The day the prices were read, ISO. */
  date: z.iso.date(),
  /** Whose prices they are, as AWS names it. */
  region: z.string().min(1).default('us-east-1'),
  /** Where they come from and what they leave out. */
  source: z.string().min(1),
  /** Dollars per hour by instance type. */
  hourly: z.record(z.string(), z.strictObject({ onDemand: dollars, spot: dollars.optional() })),
  /** Dollars per hour for a virtual CPU, and for a GiB of memory; Spot's where it differs. */
  fargate: z.strictObject({
    vcpuHour: dollars,
    gibHour: dollars,
    spot: z.strictObject({ vcpuHour: dollars, gibHour: dollars }).optional(),
  }),
});

/** What machines cost, with the date and region of the figures. */
export type PriceTable = z.output<typeof priceTableSchema>;

/** The prices that ship with Bakeoff: approximate, for one day and region. `--prices FILE` gives another table. */
export const standardPrices: PriceTable = priceTableSchema.parse(prices);

/** Dollars per hour of a Fargate task. */
export function fargateHourly(
  { fargate }: PriceTable,
  { vcpus, memoryMib }: { readonly vcpus: number; readonly memoryMib: number },
  purchase: 'spot' | 'on-demand',
): number {
  const { vcpuHour, gibHour } = purchase === 'spot' ? (fargate.spot ?? fargate) : fargate;
  return vcpus * vcpuHour + (memoryMib / 1024) * gibHour;
}

/** @throws UserError naming the file and what is wrong in it. */
export function parsePrices(text: string, fileName: string): PriceTable {
  const refuse = (received: string): never => {
    throw new UserError({
      what: `${fileName} is not a price table`,
      received,
      allowed:
        'JSON with date (ISO), region, source, hourly by instance type ({ onDemand, spot }) and fargate ({ vcpuHour, gibHour, spot: { vcpuHour, gibHour } }), in dollars',
      fix: 'start from a copy of packages/core/src/cost/prices.json',
    });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse((error as Error).message);
  }
  const parsed = priceTableSchema.safeParse(value);
  return parsed.success
    ? parsed.data
    : refuse(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

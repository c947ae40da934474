/** What a deployment costs while nothing runs, at the prices in docs/aws.md, "What it costs while idle". */
export const IDLE_DOLLARS_PER_MONTH = 0.45;

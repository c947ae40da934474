export { computeComparison, comparePlan } from './compare-plan.ts';

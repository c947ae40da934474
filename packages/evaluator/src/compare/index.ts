export { comparePlan } from './compare-plan.ts';

export { extendPlan, highestSeed } from './extend-plan.ts';
export { mergePlans } from './merge-plans.ts';
export { planManifest, type ModelFigures, type PlanOptions } from './plan-manifest.ts';
export { plannedAugmentations, type PlannedAugmentation } from './planned-augmentations.ts';
export {
  evaluationIds,
  evaluationKey,
  evaluationsOf,
  existingEvaluations,
  plannedEvaluations,
  type PlannedEvaluation,
} from './planned-evaluations.ts';
export { stepsPerEpoch } from './steps-per-epoch.ts';
export { describeTestImages } from './test-images.ts';
export { byValidation, type Candidate, chooseTrials, chosenTrials, searchesOf, type TrialChoice } from './searches.ts';

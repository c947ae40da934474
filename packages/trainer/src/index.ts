export { type TrainerContext, type TrainOutcome, trainRun, type TrainRunInput } from './train-run.ts';

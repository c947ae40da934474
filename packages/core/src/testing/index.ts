export { storedBytes } from './stored-bytes.ts';
export { exampleVocabulary } from './example-vocabulary.ts';
export {
  sampleEngineDescription,
  sampleEvaluationMeasurement,
  sampleEvaluationRecord,
  samplePlan,
  sampleRunRecord,
  sampleTrainingMeasurement,
} from './sample-records.ts';
export { startTestS3 } from './local-s3-server.ts';
export type { S3TestServer } from './local-s3-server.ts';

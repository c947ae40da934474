export { surveyImageFolder, type FolderSurvey } from './sources/image-folder/survey-folder.ts';
export { fingerprintSource } from './sources/fingerprint-source.ts';
export { prepareDataset, type PrepareDatasetInput } from './prepare-dataset.ts';
export { prepareViews, type PrepareViewsInput } from './prepare-views.ts';
export { previewDataset } from './preview/preview-dataset.ts';
export type { SourceOptions } from './sources/source.ts';

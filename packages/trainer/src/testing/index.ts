export { type Rewound, rewindRun } from './rewind-run.ts';

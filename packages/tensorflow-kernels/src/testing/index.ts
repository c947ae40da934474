export { countCalls } from './count-calls.ts';

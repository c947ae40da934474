export { plural } from '@bakeoff/statistics/formats';

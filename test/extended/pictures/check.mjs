// What a report looks like: golden pictures, first screens, and every text inside its chart.
import { report, skip, tail, vitest } from '../support/checks.mjs';
import { findBrowser } from '../../../scripts/find-browser.mjs';

if (findBrowser() === undefined) skip('pictures of reports', 'no Chromium here');
else {
  const passed = vitest('test', ['pictures/'], { BAKEOFF_EVERY_TEST: '1' });
  report('pictures of reports', passed.passed, passed.passed ? '' : tail(passed));
}

import { existsSync } from 'node:fs';

const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of the browser that the tests drive, or undefined if none is installed. */
export function findBrowser() {
  return CHROMIUM_PATHS.find((path) => existsSync(path));
}

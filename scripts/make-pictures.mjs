// Takes the README's pictures anew, from the sample's page and from what the command line prints; needs Chromium.
//   usage: npm run prepare && node scripts/make-pictures.mjs
// oxlint-disable no-control-regex -- it reads escape sequences
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure-installed.mjs';
import { findBrowser } from './find-browser.mjs';

const folder = join(root, 'docs/pictures');
const PAGE = { width: 1100, height: 760 };
const COMMAND = ['plan', 'experiments/quickstart.yaml'];
const CELL = { width: 7.8, height: 18 };
const FOREGROUND = '#d7dae0';
/** SGR codes that the command line prints, as attributes of SVG. */
const STYLES = {
  1: ' font-weight="bold"',
  2: ' fill="#8b93a1"',
  31: ' fill="#f0747d"',
  32: ' fill="#8ccf7e"',
  33: ' fill="#e5c76b"',
  36: ' fill="#67cbe7"',
};

mkdirSync(folder, { recursive: true });
await writeReport();
writeTerminal();

/** The first screen of the sample's page. */
async function writeReport() {
  const { chromium } = createRequire(join(root, 'test/package.json'))('playwright-core');
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: PAGE, colorScheme: 'light' });
    await page.goto(pathToFileURL(join(root, 'docs/sample/index.html')).href);
    await page.screenshot({ path: join(folder, 'report.png') });
  } finally {
    await browser.close();
  }
}

/** What a command prints to a terminal that has color. */
function writeTerminal() {
  const inColor = `data:text/javascript,${encodeURIComponent('process.stdout.isTTY = true; process.stdout.columns = 100;')}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', inColor, 'packages/cli/bin/bakeoff.js', ...COMMAND],
    { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: process.env.HOME, TERM: 'xterm' } },
  );
  if (status !== 0) throw new Error(stderr);
  const lines = [`\u001b[36m$\u001b[39m npx bakeoff ${COMMAND.join(' ')}`, '', ...stdout.trimEnd().split('\n')];
  writeFileSync(join(folder, 'terminal.svg'), svg(lines));
}

function svg(lines) {
  const columns = Math.max(...lines.map((line) => [...line.replace(/\u001b\[\d+m/g, '')].length));
  const [width, height] = [Math.ceil(columns * CELL.width + 40), lines.length * CELL.height + 40];
  const texts = lines.map((line, i) => `<text x="20" y="${34 + i * CELL.height}">${spans(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="8" fill="#1b1e24"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="${FOREGROUND}" xml:space="preserve">
${texts.join('\n')}
</g>
</svg>
`;
}

function spans(line) {
  let style = '';
  return line
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
      if (code !== undefined) style = STYLES[code] ?? '';
      else if (part !== '') return `<tspan${style}>${part.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</tspan>`;
      return '';
    })
    .join('');
}

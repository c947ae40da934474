import { PALETTE, RAMP } from '../charts/palette.ts';
import { CONTROL_STYLES } from './control-styles.ts';
import { NUMBER_CELLS } from './number-cells.ts';

interface Theme {
  readonly scheme: 'light' | 'dark';
  readonly colors: Readonly<Record<string, string>>;
}

/** Text colors reach a contrast of 4.5:1 on paper and surface; lines of charts reach 3:1. */
const LIGHT: Theme = {
  scheme: 'light',
  colors: {
    paper: '#ffffff',
    surface: '#f5f6f8',
    ink: '#1a1d21',
    muted: '#596069',
    rule: '#dde1e6',
    edge: '#868e97',
    accent: '#0a5ea8',
    good: '#0b6b4a',
    bad: '#a13c0a',
    'tint-up': '#1f5f99',
    'tint-down': '#b4540a',
    'tint-none': '#eceef1',
    'on-tint': '#ffffff',
    mark: '#fff3c4',
  },
};
const DARK: Theme = {
  scheme: 'dark',
  colors: {
    paper: '#14171a',
    surface: '#1c2024',
    ink: '#e8eaed',
    muted: '#a4abb4',
    rule: '#343a41',
    edge: '#77808a',
    accent: '#82bdf5',
    good: '#5fd3a5',
    bad: '#ff9d6b',
    'tint-up': '#2b6fab',
    'tint-down': '#a9571a',
    'tint-none': '#262b31',
    'on-tint': '#ffffff',
    mark: '#4a3f12',
  },
};

function variables({ scheme, colors }: Theme): string {
  const series = [
    ...PALETTE[scheme].map((color, i) => `--series-${i}:${color}`),
    ...RAMP[scheme].map((color, i) => `--ramp-${i}:${color}`),
  ];
  return `color-scheme:${scheme};${Object.entries(colors)
    .map(([name, color]) => `--${name}:${color}`)
    .join(';')};${series.join(';')}`;
}

const THEMES = `
:root{${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${variables(DARK)}}}
:root[data-theme=dark]{${variables(DARK)}}
@media print{:root:root,:root:root[data-theme=dark]{${variables(LIGHT)}}}`;

const TYPE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;overflow-wrap:break-word}
h1,h2,h3,h4{line-height:1.2;text-wrap:balance;letter-spacing:-.012em}
h1{font-size:clamp(1.3rem,2.4vw,1.65rem);font-weight:680;letter-spacing:-.022em;margin:.15rem 0 .3rem;max-width:46em}
h2{font-size:1.55rem;font-weight:650;margin:0 0 .9rem}
h2 .number{color:var(--muted);font-weight:400;margin-right:.35em}
h3{font-size:1.05rem;margin:1.6rem 0 .5rem}
h4{font-size:.95rem;margin:1.2rem 0 .4rem}
p{margin:0 0 .8rem}
a{color:var(--accent);text-underline-offset:.18em;text-decoration-thickness:from-font}
small{font-size:.84em;color:var(--muted);font-weight:400}
code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em}
.id{color:var(--muted);overflow-wrap:anywhere}
pre{background:var(--surface);border:1px solid var(--rule);border-radius:6px;padding:.8rem 1rem;overflow:auto;line-height:1.5;max-height:32rem}
.prose,.summary,.caveats,section>p,dd{max-width:42rem}
.prose blockquote{margin:0 0 .8rem;padding-left:1rem;border-left:3px solid var(--rule);color:var(--muted)}
.prose table{width:auto}
bdi{unicode-bidi:isolate}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px;top:0;background:var(--paper);padding:.5rem 1rem;z-index:9}
.skip:focus{left:0}`;

const LAYOUT = `
.page{display:grid;grid-template-columns:minmax(0,1fr);max-width:60.5rem;margin:0 auto;padding:0 1.25rem 4rem}
main{padding-top:1.1rem}
.bar{display:flex;justify-content:space-between;align-items:center;position:sticky;top:0;z-index:7;background:var(--paper);border-bottom:1px solid var(--rule);padding:.3rem 0;margin:0 -.25rem}
main>section{margin-bottom:3.6rem}
main>section[id^=section]{border-top:1px solid var(--rule);padding-top:2rem}
main>header{margin-bottom:1.1rem}
.kicker{display:flex;gap:.8rem;flex-wrap:wrap;color:var(--muted);font-size:.85rem;margin:0}
.kicker span:first-child{font-weight:600;color:var(--accent)}
.byline{color:var(--muted);margin:0}
.contents{display:none}
.verdict{font-size:1.22rem;font-weight:640;line-height:1.35;letter-spacing:-.01em;margin:0 0 .9rem;padding-top:.8rem;border-top:2px solid var(--ink);max-width:76rem;text-wrap:pretty}
.verdict .term{font-weight:inherit}
.summary{margin-top:1.1rem}
.summary p{margin:0 0 .55rem;line-height:1.5}
.summary p:first-child{font-size:1.06rem}
dt{font-weight:620;font-size:.92rem;margin-top:1rem}
dd{margin:.15rem 0 0}
dd ul{margin:0;padding-left:1.1rem}
.setting{white-space:normal}
.caveats{padding-left:1.15rem}
.caveats li{margin-bottom:.5rem}
footer{border-top:1px solid var(--rule);padding-top:1rem;color:var(--muted);font-size:.86rem}
.glossary>div{max-width:42rem;padding:.1rem .5rem;margin-left:-.5rem;border-radius:4px}
.glossary>div:target{background:var(--mark)}
.term{color:inherit;text-decoration:underline dotted;text-decoration-color:var(--edge);text-underline-offset:.2em}
.term:hover,.term:focus-visible{color:var(--accent);text-decoration-color:currentColor}
@media (min-width:80rem){
.page{grid-template-columns:13rem minmax(0,1fr);gap:3.5rem;max-width:min(112rem,100% - 5rem)}
.page>*{grid-row:1}
main{padding-top:1.6rem;grid-column:2}
main>section>:not(.table-scroll,.ranking,.verdict,#comparison),main>header,.intro{max-width:58rem}
.bar{position:absolute;top:1.1rem;right:1.5rem;border:0;background:none;padding:0}
.contents-menu{display:none}
.contents{grid-column:1;display:block;position:sticky;top:1.6rem;align-self:start;margin-top:1.6rem;max-height:calc(100vh - 3rem);overflow:auto;font-size:.86rem;line-height:1.4}
.contents ol{list-style:none;margin:0;padding:0}
.contents li{margin:0 0 .55rem}
.contents a{color:var(--muted);text-decoration:none}
.contents a:hover,.contents a[aria-current]{color:var(--ink)}
.contents a[aria-current]{font-weight:600}
}
@media (min-width:80rem) and (max-width:99.99rem){.page{max-width:78rem}}`;

const MENUS = `
.menu{position:relative;margin:0}
.menu>summary{list-style:none;color:var(--ink);font:inherit;font-size:.84rem;border:1px solid var(--edge);border-radius:5px;padding:.22rem .6rem;min-height:1.9rem;cursor:pointer}
.menu>summary:hover{background:var(--surface)}
.menu-body{position:absolute;z-index:5;right:0;background:var(--paper);border:1px solid var(--edge);border-radius:6px;padding:.8rem 1rem;width:min(36rem,88vw);max-height:min(26rem,75vh);overflow:auto;box-shadow:0 8px 30px rgb(0 0 0/.18)}
.contents-menu .menu-body{left:0;right:auto;width:min(24rem,88vw);padding:.5rem 1rem}
.contents-menu ol{list-style:none;margin:0;padding:0}
.contents-menu a{display:block;padding:.4rem 0;color:var(--ink);text-decoration:none}`;

const TABLES = `
.table-scroll{overflow-x:auto;margin:0 0 1.2rem;border-bottom:1px solid var(--rule);scrollbar-width:thin}
.table-scroll.tall{max-height:44rem;overflow:auto}
.many .table-scroll.tall{height:44rem;contain:strict;content-visibility:auto}
.many figure.chart{content-visibility:auto;contain-intrinsic-size:auto 32rem}
.table-scroll.tall thead th,.table-scroll.tall thead td{position:sticky;top:0;background:var(--paper);z-index:1}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.83rem;line-height:1.35;font-variant-numeric:tabular-nums}
thead th,thead td{border-bottom:1.5px solid var(--ink);vertical-align:bottom}
th,td{padding:.4rem .55rem;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--rule);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
th:first-child,td:first-child{padding-left:.2rem}
thead th{font-weight:600;font-size:.8rem;color:var(--muted)}
tbody th{font-weight:500;text-align:left}
${NUMBER_CELLS}{text-align:right}
#runs-table tbody :is(th,td){line-height:18px;padding-top:8px;padding-bottom:7px;vertical-align:middle}
#runs-table th.name{min-width:17.5rem;position:sticky;left:0;background:var(--paper)}
#runs-table tr.picked th.name{background:var(--mark)}
table.results:not(#runs-table) th.name{min-width:9.5rem}
table.results:not(#runs-table) :is(th,td){padding-left:.4rem;padding-right:.4rem}
table.results:not(#runs-table) thead th{white-space:normal}
td.none{color:var(--muted);font-style:italic}
th.name{min-width:13rem;max-width:22rem;padding-left:2.6rem!important;text-indent:-2.4rem;white-space:normal;overflow-wrap:anywhere}
.name .swatch{margin-right:.5rem;vertical-align:-1px}
.name>*{text-indent:0}
td bdi{display:inline-block;max-width:16rem;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.tag{font-size:.72rem;border:1px solid var(--rule);border-radius:3px;padding:0 .3em;color:var(--muted)}
.differs bdi{text-decoration:underline;text-decoration-color:var(--accent);text-decoration-thickness:2px;text-underline-offset:.2em}
.status-diverged,.status-missing{color:var(--bad);font-weight:600}
.status-notEvaluated{color:var(--muted);font-style:italic}
tr.group th{background:var(--surface);font-weight:640;font-size:.84rem}
tbody tr.picked>*{background:var(--mark)}`;

const STRIP = `
.ranking{max-width:76rem}
.ranking .table-scroll{margin:0;border-bottom:0}
.ranking table{table-layout:fixed;line-height:1.25;font-size:.8rem}
.strip thead :is(th,td){overflow-wrap:normal;font-size:.76rem}
.strip th,.strip td{padding:.16rem .3rem;white-space:normal;vertical-align:middle}
.strip thead :is(th,td){vertical-align:bottom;padding-bottom:.15rem}
.strip th.name{text-indent:0;padding-left:1.5rem!important;position:relative;min-width:0;max-width:none}
.strip td.dot{width:17%;padding:0;height:1.6rem}
.strip .accuracy{width:10rem;white-space:nowrap}
.strip .validation{width:5rem}
.strip .seeds{width:3.2rem}
.strip .macs{width:4.2rem}
.strip .parameters{width:5.2rem}
.strip .time{width:5.4rem}
.strip .cost{width:3.8rem}
.standing{position:absolute;left:.15rem;width:1.1rem;text-align:center;font-weight:700;color:var(--muted)}
.strip .chosen .standing,.strip .better .standing{color:var(--accent)}
.strip .chosen th.name{font-weight:680}
.strip .noResult{color:var(--muted)}
.interval{display:block;overflow:hidden;color:var(--edge)}
.strip .chosen .interval,.strip .tied .interval{color:var(--accent)}
.interval text{fill:var(--muted);font-size:11px;font-weight:400}
.interval circle{fill:currentColor}
.interval .bar{stroke:currentColor;stroke-width:2.5}
.interval .grid{stroke:var(--rule)}
.interval .chance{stroke:var(--edge);stroke-dasharray:3 3}
.rest{margin:0}
.rest summary{padding:.3rem .15rem;min-height:1.5rem}
.rest thead{display:none}
.ranking .key{margin:.35rem 0 0;max-width:none;font-size:.78rem}`;

const FIGURES = `
figure.chart{margin:2.2rem 0 2.4rem;break-inside:avoid}
figcaption{font-weight:620;margin:0 0 .7rem}
figcaption .number{color:var(--muted);font-weight:400;margin-right:.3em}
.scroll{overflow-x:auto;overflow-y:hidden}
.panels.several{display:flex;flex-wrap:wrap;gap:1.6rem 1.2rem}
.panel{min-width:0;max-width:100%}
.several .panel{width:min-content}
.panels:not(.several) .panel{width:100%}
.panel-title{font-size:.88rem;font-weight:600;margin:0 0 .3rem}
.plot{display:block;height:auto;max-width:none;font-variant-numeric:tabular-nums;font-family:inherit}
.plot text,.plot tspan{white-space:pre}
.plot{--plot-background:var(--paper)}
[data-chart=confusion] text{pointer-events:none}
.swatch{flex:none;fill:currentColor;stroke:none}
.swatch path:first-child,.swatch .open{stroke:currentColor;fill:none;stroke-width:2}
.legend-title{font-size:.85rem;font-weight:600;margin:0 0 .2rem}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:0 0 .6rem;padding:0;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:.45rem;overflow-wrap:anywhere}
.note{color:var(--muted);font-size:.84rem;line-height:1.5;max-width:46rem;margin:.6rem 0 0}
.empty{color:var(--muted);font-style:italic;border-left:3px solid var(--rule);padding-left:.8rem}
.findings{max-width:58rem;margin:0 0 1.4rem}
.findings p{max-width:46rem;margin:0 0 .4rem}
.findings p:first-of-type{font-weight:560}
.winner{color:var(--accent)}
tr.best th.name bdi{font-weight:680}
details{margin:.6rem 0 1.2rem}
summary{cursor:pointer;color:var(--accent);font-size:.92rem;padding:.1rem 0}
.gallery{list-style:none;margin:1rem 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:1.8rem 1.4rem;font-size:.84rem;line-height:1.4}
.picture img{image-rendering:pixelated;border-radius:4px;display:block;margin-bottom:.4rem}
.sheet{display:flex;flex-wrap:wrap;gap:1rem 1.4rem;margin:.8rem 0 1.4rem}
.samples{margin:0;max-width:100%;break-inside:avoid}
.samples img{image-rendering:pixelated;border-radius:4px;display:block;max-width:100%;height:auto}
.samples figcaption{font-weight:400;font-size:.84rem;margin:.3rem 0 0;break-before:avoid}
.picture p{margin:0}
.answers{list-style:none;margin:.4rem 0 0;padding:0}
.answers li{display:flex;gap:.4rem;align-items:center}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.answers bdi{overflow-wrap:anywhere}
.by{color:var(--muted);font-size:.92em}
.mark{font-weight:700}
.right .mark{color:var(--good)}
.wrong .mark{color:var(--bad)}`;

const MEDIA = `
@media (max-width:40rem){
.page{padding:1.4rem 1rem 3rem}
main{padding-top:.7rem}
main>section{margin-bottom:2.6rem}
.verdict{font-size:1.06rem;padding-top:.6rem;margin-bottom:.5rem}
.ranking table,.ranking tbody,.strip tr,.strip th.name,.strip td.dot{display:block}
.strip thead{display:none}
.strip tr{position:relative;padding:.4rem 0;border-bottom:1px solid var(--rule)}
.strip :is(th.name,td){border:0!important;padding:0;width:auto}
.strip th.name{padding-right:10.4rem}
.strip td.accuracy{position:absolute;top:.4rem;right:0}
.strip td.dot{width:auto;height:1.25rem}
.strip td:is(.validation,.seeds,.macs,.parameters,.time,.cost){display:inline-block;width:auto;margin-right:.7rem;font-size:.92em}
.strip td:is(.validation,.seeds,.macs,.parameters,.time,.cost)::before{content:attr(data-label) " ";color:var(--muted)}
th,td{padding:.4rem .5rem}
.gallery{grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr))}
th.name,#runs-table th.name{min-width:9rem}
#runs-table th.name{position:static}
}
@media print{
@page{margin:16mm 14mm}
html{font-size:10pt}
.page{display:block;max-width:none;padding:0}
.contents,.bar,.skip,.controls,.toolbar,td.pick{display:none!important}
main{padding-top:0}
.term{text-decoration:none}
.rest::details-content{content-visibility:visible;height:auto}
.rest summary{display:none}
@page landscape{size:A4 landscape}
#runs{page:landscape}
.table-scroll,.table-scroll.tall,.scroll{overflow:visible;max-height:none;height:auto;contain:none;content-visibility:visible}
.table-scroll table{font-size:8pt}
.table-scroll #runs-table,#runs-table thead th{font-size:6pt}
#runs-table :is(.swatch,.winner){display:none}
#runs-table tbody :is(th,td){line-height:1.3;padding:.2rem .25rem}
#runs-table th.name{min-width:24mm;position:static;padding-left:0!important;text-indent:0}
th,td{padding:.25rem .35rem;white-space:normal}
.strip td.accuracy,td small{white-space:nowrap}
thead th{position:static!important}
tr,figure,.picture,li{break-inside:avoid}
h2,h3,figcaption{break-after:avoid}
.plot{max-width:100%}
.panels.several{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
.several .panel{width:auto}
.several .plot{width:100%;height:auto}
pre{max-height:none;white-space:pre-wrap;overflow-wrap:anywhere}
#reproduce details::details-content{content-visibility:visible;height:auto}
a{color:inherit}
}`;

/** The page's style sheet. */
export const STYLES = `${THEMES}${TYPE}${LAYOUT}${MENUS}${TABLES}${STRIP}${FIGURES}${CONTROL_STYLES}${MEDIA}`;

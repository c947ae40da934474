import { PALETTE, RAMP } from '../charts/palette.ts';
import { CONTROL_STYLES } from './control-styles.ts';

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
h1{font-size:clamp(1.8rem,4.5vw,2.75rem);font-weight:680;letter-spacing:-.024em;margin:.3rem 0 .6rem;max-width:24em}
h2{font-size:1.55rem;font-weight:650;margin:0 0 .9rem}
h2 .number{color:var(--muted);font-weight:400;margin-right:.35em}
h3{font-size:1.05rem;margin:1.6rem 0 .5rem}
h4{font-size:.95rem;margin:1.2rem 0 .4rem}
h2.quiet{font-size:.8rem;letter-spacing:.08em;text-transform:uppercase;color:var(--muted);font-weight:600;margin-bottom:1.1rem}
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
.page{display:grid;grid-template-columns:minmax(0,1fr);max-width:60.5rem;margin:0 auto;padding:2.6rem 1.25rem 4rem}
main>section,main>header{margin-bottom:3.6rem}
main>section[id^=section]{border-top:1px solid var(--rule);padding-top:2rem}
header{margin-bottom:2.2rem!important}
.kicker{display:flex;gap:.8rem;flex-wrap:wrap;color:var(--muted);font-size:.85rem;margin:0}
.kicker span:first-child{font-weight:600;color:var(--accent)}
.byline{color:var(--muted);margin:0}
.contents{display:none}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1.2rem 2rem;margin:0 0 1.8rem;padding:1.2rem 0;border-top:2px solid var(--ink);border-bottom:1px solid var(--rule)}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dt{font-size:.82rem;color:var(--muted);line-height:1.35}
.figures dd{margin:0 0 .2rem;font-size:1.5rem;font-weight:640;letter-spacing:-.015em;line-height:1.2;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.figures dd small{font-size:.62em}
.summary p:first-child{font-size:1.16rem;line-height:1.55}
dl:not(.figures) dt{font-weight:620;font-size:.92rem;margin-top:1rem}
dl:not(.figures) dd{margin:.15rem 0 0}
dd ul{margin:0;padding-left:1.1rem}
.setting{white-space:normal}
.caveats{padding-left:1.15rem}
.caveats li{margin-bottom:.5rem}
footer{border-top:1px solid var(--rule);padding-top:1rem;color:var(--muted);font-size:.86rem}
@media (min-width:80rem){
.page{grid-template-columns:13rem minmax(0,58rem);gap:3.5rem;max-width:78rem}
.contents{display:block;position:sticky;top:2.6rem;align-self:start;max-height:calc(100vh - 4rem);overflow:auto;font-size:.86rem;line-height:1.4}
.contents ol{list-style:none;margin:0;padding:0}
.contents li{margin:0 0 .55rem}
.contents a{color:var(--muted);text-decoration:none}
.contents a:hover,.contents a[aria-current]{color:var(--ink)}
.contents a[aria-current]{font-weight:600}
}`;

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
.n{text-align:right}
#runs-table tbody :is(th,td){line-height:18px;padding-top:8px;padding-bottom:7px;vertical-align:middle}
#runs-table th.name{min-width:17.5rem;position:sticky;left:0;background:var(--paper)}
#runs-table tr.picked th.name{background:var(--mark)}
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
.swatch{flex:none;fill:currentColor;stroke:none}
.swatch path:first-child,.swatch .open{stroke:currentColor;fill:none;stroke-width:2}
.legend-title{font-size:.85rem;font-weight:600;margin:0 0 .2rem}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:0 0 .6rem;padding:0;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:.45rem;overflow-wrap:anywhere}
.note{color:var(--muted);font-size:.84rem;line-height:1.5;max-width:46rem;margin:.6rem 0 0}
.empty{color:var(--muted);font-style:italic;border-left:3px solid var(--rule);padding-left:.8rem}
.findings ul{list-style:none;padding:0;margin:0 0 .6rem;max-width:46rem}
.findings li{padding:.3rem 0 .3rem 1.5rem;position:relative}
.findings li::before{position:absolute;left:0;font-size:.85em;top:.42rem}
.findings li.better::before,.findings li.worse::before{content:"\\25C6";color:var(--accent)}
.findings li.noEvidence::before{content:"\\2248";color:var(--muted);font-size:1.1em;top:.25rem}
details{margin:.6rem 0 1.2rem}
summary{cursor:pointer;color:var(--accent);font-size:.92rem}
.gallery{list-style:none;margin:1rem 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:1.8rem 1.4rem;font-size:.84rem;line-height:1.4}
.picture img{image-rendering:pixelated;border-radius:4px;display:block;margin-bottom:.4rem}
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
main>section,main>header{margin-bottom:2.6rem}
.figures{grid-template-columns:1fr 1fr;gap:1rem}
.figures dd{font-size:1.2rem}
th,td{padding:.4rem .5rem}
.gallery{grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr))}
th.name,#runs-table th.name{min-width:9rem}
#runs-table th.name{position:static}
}
@media print{
@page{margin:16mm 14mm}
html{font-size:10pt}
.page{display:block;max-width:none;padding:0}
.contents,.skip,.controls,.toolbar,td.pick{display:none!important}
.table-scroll,.table-scroll.tall,.scroll{overflow:visible;max-height:none;height:auto;contain:none;content-visibility:visible}
.table-scroll table{font-size:8pt}
.table-scroll #runs-table{font-size:5.8pt}
#runs-table tbody :is(th,td){line-height:1.3;padding:.2rem .25rem}
#runs-table th.name{min-width:0;position:static;padding-left:0!important;text-indent:0}
th,td{padding:.25rem .35rem;white-space:normal}
thead th{position:static!important}
tr,figure,.picture,li{break-inside:avoid}
h2,h3,figcaption{break-after:avoid}
.plot{max-width:100%}
pre{max-height:none;white-space:pre-wrap;overflow-wrap:anywhere}
#reproduce details::details-content{content-visibility:visible;height:auto}
a{color:inherit}
}`;

/** The page's style sheet. */
export const STYLES = `${THEMES}${TYPE}${LAYOUT}${TABLES}${FIGURES}${CONTROL_STYLES}${MEDIA}`;

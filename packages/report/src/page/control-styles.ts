/** Styles of elements that only the script adds. */
export const CONTROL_STYLES = `
td.pick{width:1.6rem;padding-right:0}
.controls{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;font-size:.84rem;margin:0 0 .8rem;color:var(--muted)}
.controls label{display:inline-flex;align-items:center;gap:.4rem}
.controls .grow{flex:1 1 24rem}
.controls .grow input{flex:1}
.hint,.count{font-size:.94em}
button,select,input[type=search]{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--edge);border-radius:5px;padding:.22rem .55rem;min-height:1.9rem}
button{cursor:pointer}
button:hover:not(:disabled),select:hover{background:var(--surface)}
button:disabled{color:var(--muted);cursor:default;border-color:var(--rule)}
input[type=range]{accent-color:var(--accent);width:7rem}
input[type=checkbox]{accent-color:var(--accent);width:1rem;height:1rem;margin:0}
button.head{all:unset;cursor:pointer;font-weight:600;position:relative}
button.head:hover{color:var(--ink);text-decoration:underline}
button.head:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th[aria-sort=descending] .head::after{content:" \\2193"}
th[aria-sort=ascending] .head::after{content:" \\2191"}
th[aria-sort=descending] .head,th[aria-sort=ascending] .head{color:var(--ink)}
button.theme{font-size:.8rem;border-color:transparent;color:var(--muted);margin-left:auto}
.menu fieldset{border:0;margin:0 0 .7rem;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(10rem,1fr));gap:.25rem .8rem}
.menu legend{font-weight:620;color:var(--ink);padding:0;margin-bottom:.25rem}
.figure-body:empty{min-height:26rem}
.stage{position:relative;cursor:crosshair;touch-action:pan-y;user-select:none}
.zoom-band,.read-rule,.readout{position:absolute;left:0;top:0;pointer-events:none}
.zoom-band{background:var(--accent);opacity:.16}
.read-rule{width:1px;background:var(--muted);will-change:transform;contain:strict}
.readout{will-change:transform;contain:content;background:var(--paper);border:1px solid var(--edge);border-radius:6px;padding:.45rem .65rem;font-size:.78rem;box-shadow:0 4px 18px rgb(0 0 0/.14);z-index:3;width:max-content}
.readout p{margin:0 0 .15rem}
.readout table{width:auto;font-size:inherit}
.readout td{border:0;padding:.06rem .3rem;white-space:nowrap}
.readout td bdi{max-width:13rem}
.side-by-side th,.side-by-side td{vertical-align:top}
.side-by-side thead th{white-space:normal;min-width:7.5rem;max-width:12rem}
.side-by-side td.best{font-weight:680}
.side-by-side td.best::before{content:"\\2605 ";color:var(--accent)}
tr.changed>*{background:var(--mark)}
.toolbar{position:fixed;bottom:1rem;left:50%;transform:translateX(-50%);display:flex;gap:.9rem;align-items:center;background:var(--ink);color:var(--paper);border-radius:8px;padding:.5rem .9rem;font-size:.88rem;z-index:6;box-shadow:0 6px 24px rgb(0 0 0/.25);max-width:94vw}
.toolbar[hidden]{display:none}
.toolbar a{color:inherit}
.toolbar button{background:transparent;color:inherit;border-color:currentColor}
.toolbar button:hover{background:transparent!important;text-decoration:underline}
.problems{flex-basis:100%;margin:0;color:var(--bad)}
.problems:empty{display:none}
.faded{opacity:.12}
.legend li.faded{opacity:1}
.legend li.faded bdi{color:var(--muted)}
.legend li.faded .swatch{opacity:.3}
.js .plot [data-series]{cursor:pointer}
.legend button{display:flex;align-items:center;gap:.45rem;border-color:transparent;background:none;padding:.1rem .35rem;min-height:1.5rem;text-align:left}
.legend li[data-series]{margin-left:-.35rem}
.legend button[aria-pressed=true]{border-color:var(--edge)}
.legend .acts button{border-color:var(--edge)}
.tip{position:fixed;z-index:8;pointer-events:none;background:var(--paper);border:1px solid var(--edge);border-radius:6px;padding:.5rem .7rem;font-size:.8rem;max-width:15.5rem;box-shadow:0 4px 18px rgb(0 0 0/.2)}
.tip[hidden]{display:none}
.tip p{margin:0 0 .3rem}
.tip p:last-child{margin:0}
[data-current]{stroke:var(--ink);stroke-width:2px}
.cell-images div{display:flex;flex-wrap:wrap;gap:.3rem}
.cell-images img{image-rendering:pixelated;border-radius:3px}
.exports{display:flex;gap:.4rem;justify-content:flex-end;margin:-.9rem 0 1.2rem}
.exports button,button.save{font-size:.74rem;padding:.1rem .45rem;min-height:1.5rem;color:var(--muted);border-color:var(--rule)}
.ranking .exports{float:right;margin:.25rem 0 0 1rem}
figcaption{display:flex;align-items:baseline;gap:.4rem}
button.save{margin-left:auto;font-weight:400}
@media (max-width:40rem){.hint{display:none}}
@media print{button.theme,button.save,.exports,.readout,.read-rule,#comparison h3+.controls{display:none!important}td.pick{display:none}}`;

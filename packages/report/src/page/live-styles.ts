/** Styles of a page that follows a study. */
export const LIVE_STYLES = `
.part{display:contents}
main>.part>section{margin-bottom:3.6rem}
main>.part>header{margin-bottom:1.1rem}
#live{border:1px solid var(--rule);border-radius:8px;background:var(--surface);padding:.7rem .9rem .8rem;margin-bottom:1.2rem;max-width:76rem;font-size:.9rem}
#live p{margin:0}
#live .counts{font-weight:600;font-variant-numeric:tabular-nums}
#live .connection{float:right;margin-left:1rem;color:var(--muted);font-size:.84rem}
#live .connection::before{content:"\\25CF\\A0";color:var(--edge)}
#live[data-connected=yes] .connection::before{color:var(--good)}
#live[data-connected=no] .connection{color:var(--bad)}
#live[data-connected=no] .connection::before{color:var(--bad)}
#live progress{appearance:none;display:block;width:100%;height:.4rem;border:0;border-radius:99px;overflow:hidden;background:var(--rule);margin-top:.5rem}
#live progress::-webkit-progress-bar{background:var(--rule)}
#live progress::-webkit-progress-value{background:var(--accent)}
#live progress::-moz-progress-bar{background:var(--accent)}
#live ul{list-style:none;margin:.6rem 0 0;padding:0;display:grid;gap:.3rem}
#live li{display:grid;grid-template-columns:6rem minmax(8rem,max-content) 1fr;align-items:center;gap:0 .8rem;font-size:.86rem}
#live li progress{margin:0;height:.3rem}
#live li b{font-weight:560}
#live li span{color:var(--muted);font-variant-numeric:tabular-nums}
#live .status-stopped span{color:var(--bad)}
#live .status-stopped progress::-webkit-progress-value{background:var(--bad)}
td.status-running{color:var(--accent)}
td.status-waiting{color:var(--muted)}
td.status-stopped{color:var(--bad);font-weight:600}
@media (max-width:40rem){
main>.part>section{margin-bottom:2.6rem}
#live .connection{float:none;margin:0 0 .3rem}
#live li{grid-template-columns:3rem 1fr}
#live li span{grid-column:2}
}
@media (min-width:80rem){
main>.part>section>:not(.table-scroll,.ranking,.verdict,#comparison),main>.part>header{max-width:58rem}
}`;

/** Colours follow the reader's system; filters are check boxes that the style looks at, so no script is needed. */
export const STYLE = `
:root{color-scheme:light dark;--line:light-dark(#d5d9e0,#363b44);--dim:light-dark(#59616e,#9aa3b0);
--critical:light-dark(#a4003c,#ff7a9c);--high:light-dark(#b3261e,#ff8a80);--medium:light-dark(#8a5a00,#f0b84d);
--low:light-dark(#00639b,#7cc4f5);--info:light-dark(#4a5568,#a9b4c4)}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem;
background:light-dark(#fff,#16181d);color:light-dark(#1b1f27,#e6e9ee)}
h1{font-size:1.5rem;margin:0}
h2{font-size:1.15rem;margin:2.5rem 0 .5rem;overflow-wrap:anywhere}
p{margin:.4rem 0;overflow-wrap:anywhere}
code,pre{font:.875rem/1.5 ui-monospace,monospace}
pre{margin:.6rem 0;padding:.6rem .8rem;overflow-x:auto;border:1px solid var(--line);border-radius:6px;
background:light-dark(#f6f7f9,#1d2027)}
pre i{font-style:normal;color:var(--dim);user-select:none}
mark{background:light-dark(#ffe08a,#6b4e00);color:inherit;border-radius:2px}
details{border:1px solid var(--line);border-left:4px solid var(--tone,var(--line));border-radius:6px;
margin:.5rem 0;padding:.4rem .8rem}
summary{cursor:pointer;overflow-wrap:anywhere}
summary:focus-visible,input:focus-visible{outline:2px solid var(--low);outline-offset:2px}
.tag{font-weight:600;color:var(--tone)}
.dim{color:var(--dim)}
.critical{--tone:var(--critical)}.high{--tone:var(--high)}.medium{--tone:var(--medium)}
.low{--tone:var(--low)}.info{--tone:var(--info)}
fieldset{border:1px solid var(--line);border-radius:6px;margin:1rem 0;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem}
dt{font-weight:600;margin-top:.6rem}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
figure{margin:.5rem calc(50% - min(50vw - 1.5rem,45rem))}
.graph{overflow:auto;max-height:40rem;border:1px solid var(--line);border-radius:6px}
.graph:focus-visible{outline:2px solid var(--low);outline-offset:2px}
svg{display:block}svg text{font:.75rem system-ui,sans-serif;fill:currentColor}
svg .kind{font-size:.6875rem;fill:var(--dim)}
svg rect{fill:light-dark(#f6f7f9,#1d2027);stroke:var(--dim)}
svg path{fill:none;stroke:var(--line);stroke-width:1.5}
svg .third-party rect{stroke:var(--medium)}svg .outsider rect{stroke:var(--high);stroke-dasharray:4 2}
svg .hot rect{stroke:var(--high);stroke-width:2.5}svg path.hot{stroke:var(--high);stroke-width:2.5}
body:has(#show-critical:not(:checked)) .finding.critical,body:has(#show-high:not(:checked)) .finding.high,
body:has(#show-medium:not(:checked)) .finding.medium,body:has(#show-low:not(:checked)) .finding.low,
body:has(#show-info:not(:checked)) .finding.info{display:none}
@media print{fieldset{display:none}details::details-content{content-visibility:visible}}
`;

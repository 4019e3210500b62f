/** On paper: no tools, everything open, tables small, figures whole. */
export const PRINT = `
@page{margin:16mm 14mm;size:A4}
@media print{body{font-size:10pt;line-height:1.45}nav,.scripted .tools,.tools{display:none}.page{display:block;padding:0;max-width:none}h2{break-after:avoid;margin-top:2rem}h3,caption,summary,.panel-title{break-after:avoid}tr,li,.facts,.notice,figure,.panel{break-inside:avoid}
p,li,figcaption{orphans:3;widows:3}thead{display:table-header-group}
.scroll{overflow:visible}table{font-size:7.4pt;width:100%;min-width:0}th,td{padding:.2rem .35rem .2rem 0}.wide table{font-size:6.1pt}.wide th,.wide td{padding-right:.28rem}td .family{overflow-wrap:anywhere}thead th,tbody th{white-space:normal}tbody tr:nth-child(-n+3){break-before:avoid}.tag{font-size:inherit}caption{font-size:9pt}caption small{font-size:7.6pt}td.text{min-width:0}.scripted .sort::after,.scripted th[aria-sort]>.sort::after{content:none}
details{border:0;padding:0}details>summary{display:none}details::details-content{content-visibility:visible;block-size:auto}
.facts{grid-template-columns:repeat(5,1fr)}.facts>div{padding:.5rem .7rem}.facts dd{font-size:1.3rem}
.panels{grid-template-columns:1fr 1fr;gap:.6rem 1.2rem}.panels[data-columns="3"]{grid-template-columns:1fr 1fr 1fr}.panels[data-columns="1"]{grid-template-columns:1fr}.panel{max-width:none}figcaption{font-size:8.4pt;max-width:none}
.notice,tr.warn>*,.tag{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit;text-decoration:none}}`;

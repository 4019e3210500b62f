/** The one page of the codec server: a field for the token. */
import type { ServerResponse } from 'node:http';

const STYLE = 'body{font:16px system-ui;max-width:34em;margin:3em auto;padding:0 1em}input,button{font:inherit;padding:.4em}';
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** `wrong`: the token that was given is not the one. */
export function signInPage(response: ServerResponse, wrong: boolean): void {
  response.writeHead(wrong ? 401 : 200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, 'Referrer-Policy': 'no-referrer' });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>sulcus codec server</title><style>${STYLE}</style>
<h1>sulcus codec server</h1>
${wrong ? '<p role="alert">That is not the token.</p>\n' : ''}<form method="post" action="/signin"><label>Token <input type="password" name="token" autocomplete="current-password" required></label> <button>Sign in</button></form>
<p>Then this browser may decrypt what the Temporal UI shows, for 12 hours.</p></html>
`);
}

import { createHash } from 'node:crypto';
import { text } from './markup.ts';
import { mostRelayStateBytes } from './names.ts';
import { demand } from './reading/refused.ts';

export interface PostForm {
  /** http or https. */
  readonly action: string;
  /** Hidden fields by name, such as SAMLRequest, SAMLResponse, RelayState. */
  readonly fields: Readonly<Record<string, string>>;
  readonly title: string;
  readonly lang: 'ro' | 'ru' | 'en';
}

const script = 'document.forms[0].submit();';
const scriptHash = createHash('sha256').update(script).digest('base64');

/** What the simulated sites say on this page; no text of the product. */
const sentences = {
  ro: { simulated: 'SIMULARE: acesta nu este un serviciu al statului.', go: 'Continuă' },
  ru: { simulated: 'SIMULARE (имитация): это не государственная услуга.', go: 'Продолжить' },
  en: { simulated: 'SIMULARE (simulation): this is not a service of the state.', go: 'Continue' },
} as const;

/**
 * The page of the HTTP-POST binding (saml-bindings 3.5.4): a form that posts itself, or by its button where no
 * script runs. To be sent with `postFormPolicy`.
 * @throws TypeError when the action is no http or https address
 */
export function postFormPage(form: PostForm): string {
  const { simulated, go } = sentences[form.lang];
  const action = text(actionOf(form).href);
  const fields = Object.entries(form.fields).map(
    ([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`,
  );
  return `<!DOCTYPE html>
<html lang="${form.lang}">
<head><meta charset="utf-8"><title>${text(form.title)}</title></head>
<body>
<p>${text(simulated)}</p>
<form method="post" action="${action}">
${fields.join('\n')}
<button type="submit">${text(go)}</button>
</form>
<script>${script}</script>
</body>
</html>
`;
}

/** Content-Security-Policy of that page: its own script, and the form's address, nothing else. */
export function postFormPolicy(form: Pick<PostForm, 'action'>): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}'`,
    // Where the form leads to may redirect, and browsers hold redirects to this list too.
    `form-action ${actionOf(form).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function actionOf(form: Pick<PostForm, 'action'>): URL {
  const url = new URL(form.action);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('not an http address');
  return url;
}

/** saml-bindings 3.5.3: RelayState has at most 80 bytes. @throws SamlRefused relay-state */
export function checkRelayState(relayState: string): void {
  const bytes = Buffer.byteLength(relayState, 'utf8');
  demand(bytes <= mostRelayStateBytes, 'relay-state', 'RelayState is longer than 80 bytes');
}

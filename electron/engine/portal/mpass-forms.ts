/**
 * A site that signs people in through MPass by SAML 2.0, HTTP-POST binding (saml-bindings-2.0 clause 3.5): forms on
 * pages carry the messages, and this program carries the forms, as a browser does. Nobody between site and provider
 * reads the messages; what is checked here is that forms go only to the two parties of the settings.
 *
 * The seven requests of a sign-in: the site's login page, its AuthnRequest to the provider, the method, the answer to
 * the challenge, the provider's continuation, its Response to the site, the session.
 */
import { Failure, isFailure } from '../../contract/failures/failure.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import { answerChallenge, readOffer } from './challenge-step.ts';
import { type HtmlForm, readForms } from './html-forms.ts';
import type { CardMethod, PortalAdapter } from './portal-adapter.ts';
import { hostOf } from './settings.ts';
import { parseAnswer, sessionGrantSchema } from './wire.ts';

/** How the provider's page names the kinds of card. */
const methodNames: Readonly<Record<CardMethod, string>> = {
  /** "Buletin de identitate electronic" */
  'electronic-identity-card': 'nationalid',
  /** "Carte de identitate" */
  'identity-card': 'identitycard',
};

/** Longest RelayState in bytes (saml-bindings-2.0 clause 3.5.3). */
const maxRelayState = 80;

type SamlField = 'SAMLRequest' | 'SAMLResponse';

export function mpassForms(settings: PortalSettings): PortalAdapter {
  const { servicesUrl, providerUrl } = settings;
  const site = hostOf(servicesUrl);

  /** Fetches a page and gives its SAML form for one of the parties. */
  const samlForm = (
    page: string,
    at: string,
    field: SamlField,
    to: 'provider' | 'site',
  ): { readonly url: string; readonly form: Record<string, string> } => {
    const form = readForms(page, new URL(at)).find(({ fields }) => field in fields);
    if (form === undefined || form.method !== 'POST') throw missing(hostOf(at), field);
    const expected = to === 'provider' ? providerUrl : servicesUrl;
    return { url: actionWithin(form, expected), form: samlFields(form, field, hostOf(at)) };
  };

  return {
    async begin(http, card, signal) {
      const start = `${servicesUrl}/login`;
      const first = await http.request({ method: 'GET', url: start, expect: 'page', signal });
      const toProvider = samlForm(first.page, start, 'SAMLRequest', 'provider');
      const second = await http.request({ method: 'POST', ...toProvider, expect: 'page', signal });
      const choice = methodForm(second.page, toProvider.url, methodNames[card]);
      const url = actionWithin(choice, providerUrl);
      const form = { ...choice.fields, method: methodNames[card] };
      const { json } = await http.request({ method: 'POST', url, form, signal });
      return readOffer(json, providerUrl);
    },
    answer(http, requestId, reply, signal) {
      return answerChallenge(http, providerUrl, requestId, reply, signal);
    },
    async finish(http, continuation, signal) {
      const url = `${providerUrl}/login/continue`;
      const { page } = await http.request({
        method: 'POST',
        url,
        form: { continuation },
        expect: 'page',
        signal,
      });
      const toSite = samlForm(page, url, 'SAMLResponse', 'site');
      try {
        await http.request({ method: 'POST', ...toSite, expect: 'see-other', signal });
      } catch (thrown) {
        throw refusedBySite(thrown, site);
      }
      const { json } = await http.request({ method: 'GET', url: `${servicesUrl}/session`, signal });
      return parseAnswer(sessionGrantSchema, json, site);
    },
    async signOut(http, signal) {
      const start = `${servicesUrl}/logout`;
      const first = await http.request({ method: 'POST', url: start, form: {}, expect: 'page', signal });
      const toProvider = samlForm(first.page, start, 'SAMLRequest', 'provider');
      const second = await http.request({ method: 'POST', ...toProvider, expect: 'page', signal });
      const toSite = samlForm(second.page, toProvider.url, 'SAMLResponse', 'site');
      await http.request({ method: 'POST', ...toSite, expect: 'see-other', signal });
    },
    dataPath: (service) => `/data/${service}`,
    registrationPath: '/registration',
    sessionPath: '/session',
  };
}

/** The form of the provider's page that offers this method. */
function methodForm(page: string, at: string, method: string): HtmlForm {
  const form = readForms(page, new URL(at)).find(({ buttons }) =>
    buttons.some(({ name, value }) => name === 'method' && value === method),
  );
  if (form === undefined || form.method !== 'POST') throw missing(hostOf(at), `method=${method}`);
  return form;
}

/**
 * A form's address, if it is the expected party's.
 * @throws Failure `provider-not-trusted` for every other
 */
function actionWithin({ action }: HtmlForm, expected: string): string {
  const base = new URL(expected);
  const inside = base.pathname === '/' || action.pathname.startsWith(`${base.pathname}/`);
  if (action.origin !== base.origin || !inside || action.search !== '' || action.username !== '') {
    throw new Failure('provider-not-trusted', {
      parameters: { host: action.host.slice(0, 253), expected: base.host },
    });
  }
  return action.href;
}

/** The SAML fields of a form; any others stay behind. */
function samlFields({ fields }: HtmlForm, field: SamlField, host: string): Record<string, string> {
  const { RelayState: relayState } = fields;
  if (relayState !== undefined && Buffer.byteLength(relayState) > maxRelayState) {
    throw missing(host, 'RelayState');
  }
  return {
    [field]: fields[field] ?? '',
    ...(relayState === undefined ? {} : { RelayState: relayState }),
  };
}

/** The site's refusal of the provider's Response, by its own name. */
function refusedBySite(thrown: unknown, host: string): unknown {
  if (!isFailure(thrown, 'portal-refused')) return thrown;
  const { reason } = thrown.parameters;
  if (typeof reason !== 'string') return thrown;
  const [kind, detail = ''] = reason.split(':');
  if (kind === 'saml-refused') return new Failure('saml-refused', { parameters: { host, reason: detail } });
  return kind === 'login-failed'
    ? new Failure('login-refused', { parameters: { host, reason: detail } })
    : thrown;
}

function missing(host: string, field: string): Failure {
  return new Failure('portal-answer-invalid', { parameters: { host, field } });
}

import { Agent } from 'undici';

/** A page as this browser got it. */
export interface TestPage {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A form of a page. */
export interface TestForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

const decode = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');

/**
 * A browser of the tests' own, made of nothing that our client is made of: cookies by host, forms by pattern. It
 * follows nothing by itself.
 */
export class TestBrowser {
  readonly #agent: Agent;
  readonly #cookies = new Map<string, Map<string, string>>();

  constructor(root: string) {
    this.#agent = new Agent({ connect: { ca: root } });
  }

  /** The forms of a page, in order. */
  static forms(page: TestPage): TestForm[] {
    return [...page.text.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
      ([, action = '', inside = '']) => ({
        action: new URL(decode(action), page.url).href,
        fields: Object.fromEntries(
          [...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
            ([, name = '', value = '']) => [decode(name), decode(value)],
          ),
        ),
      }),
    );
  }

  get(url: string): Promise<TestPage> {
    return this.#send(url, 'GET', 'text/html', {}, null);
  }

  json(url: string): Promise<TestPage> {
    return this.#send(url, 'GET', 'application/json', {}, null);
  }

  post(url: string, fields: Readonly<Record<string, string>>, accept = 'text/html'): Promise<TestPage> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#send(url, 'POST', accept, type, new URLSearchParams({ ...fields }).toString());
  }

  postJson(url: string, body: unknown): Promise<TestPage> {
    const type = { 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.#send(url, 'POST', 'application/json', type, text);
  }

  /** Sends the page's first form, perhaps with other fields. */
  async submit(page: TestPage, changes: Readonly<Record<string, string>> = {}): Promise<TestPage> {
    const [form] = TestBrowser.forms(page);
    if (form === undefined) throw new Error(`no form on this page (${page.status}): ${page.text}`);
    return this.post(form.action, { ...form.fields, ...changes });
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #send(
    url: string,
    method: 'GET' | 'POST',
    accept: string,
    type: Record<string, string>,
    body: string | null,
  ): Promise<TestPage> {
    const { origin, pathname, hostname } = new URL(url);
    const jar = this.#cookies.get(hostname) ?? new Map<string, string>();
    this.#cookies.set(hostname, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#agent.request({
      origin,
      path: pathname,
      method,
      headers: { accept, ...type, ...(cookie === '' ? {} : { cookie }) },
      body,
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const text = await answer.body.text();
    return { url, status: answer.statusCode, text, headers: answer.headers };
  }
}

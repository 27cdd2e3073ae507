import { createHash } from 'node:crypto';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { checkRelayState, postFormPage, postFormPolicy } from '../../../electron/sandbox/saml/index.ts';
import { outcome } from './exchange.ts';
import { service } from './parties.ts';

interface Tag {
  readonly tagName?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Tag[];
  readonly value?: string;
}

/** All elements of a page, as a browser would have them. */
function elements(html: string): Tag[] {
  const walk = (tag: Tag): Tag[] => [tag, ...(tag.childNodes ?? []).flatMap(walk)];
  return walk(parse(html) as unknown as Tag);
}
const named = (html: string, name: string): Tag[] => elements(html).filter((tag) => tag.tagName === name);
const attributes = (tag: Tag | undefined) =>
  Object.fromEntries((tag?.attrs ?? []).map(({ name, value }) => [name, value]));
const text = (tag: Tag | undefined): string =>
  (tag?.childNodes ?? []).map((child) => child.value ?? text(child)).join('');

const nasty = `"><script>alert(1)</script>'&amp; ț`;
const page = postFormPage({
  action: `${service.acs}?a=1&b="`,
  fields: { SAMLResponse: 'PHNhbWw+', RelayState: nasty },
  title: `MPass </title>${nasty}`,
  lang: 'ro',
});

describe('the page that posts a message', () => {
  it('posts the fields, and nothing of them is markup', () => {
    const [form, ...moreForms] = named(page, 'form');
    expect(moreForms).toEqual([]);
    expect(attributes(form)).toEqual({
      method: 'post',
      action: 'https://127.0.0.2:9444/mpass-login?a=1&b=%22',
    });
    expect(named(page, 'input').map(attributes)).toEqual([
      { type: 'hidden', name: 'SAMLResponse', value: 'PHNhbWw+' },
      { type: 'hidden', name: 'RelayState', value: nasty },
    ]);
    expect(text(named(page, 'title')[0])).toBe(`MPass </title>${nasty}`);
    expect(attributes(named(page, 'html')[0])).toEqual({ lang: 'ro' });
  });

  it('goes on without script, by a button', () => {
    expect(named(page, 'button').map((button) => [attributes(button), text(button)])).toEqual([
      [{ type: 'submit' }, 'Continuă'],
    ]);
  });

  it.each(['ro', 'ru', 'en'] as const)('says in %s that it is simulated', (lang) => {
    const body = text(named(postFormPage({ action: service.acs, fields: {}, title: 'x', lang }), 'body')[0]);
    expect(body).toContain('SIMULARE');
    expect(body).toMatch(
      { ro: /nu este un serviciu al statului/, ru: /не государственная/, en: /not a service of the state/ }[
        lang
      ],
    );
  });

  it('may run its own script only, and post to its address only', () => {
    const scripts = named(page, 'script').map(text);
    expect(scripts).toHaveLength(1);
    const hash = createHash('sha256')
      .update(scripts[0] ?? '')
      .digest('base64');
    expect(postFormPolicy({ action: `${service.acs}?a=1` })).toBe(
      `default-src 'none'; script-src 'sha256-${hash}'; form-action https://127.0.0.2:9444; base-uri 'none'; frame-ancestors 'none'`,
    );
  });

  it('leads to web addresses only', () => {
    for (const action of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/relative', '']) {
      expect(() => postFormPage({ action, fields: {}, title: 'x', lang: 'en' }), action).toThrow(TypeError);
      expect(() => postFormPolicy({ action }), action).toThrow(TypeError);
    }
  });
});

describe('RelayState', () => {
  it('has 80 bytes at most, however many characters these are', () => {
    expect(outcome(() => checkRelayState(''))).toBe('taken');
    expect(outcome(() => checkRelayState('a'.repeat(80)))).toBe('taken');
    expect(outcome(() => checkRelayState('a'.repeat(81)))).toBe('relay-state');
    expect(outcome(() => checkRelayState('ț'.repeat(40)))).toBe('taken');
    expect(outcome(() => checkRelayState('ț'.repeat(41)))).toBe('relay-state');
  });
});

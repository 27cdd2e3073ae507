import fields from '../../locales/ru/fields.json' with { type: 'json' };
import pages from '../../locales/ru/pages.json' with { type: 'json' };
import window from '../../locales/ru/window.json' with { type: 'json' };

export const sentences: Readonly<Record<string, string>> = { ...fields, ...window, ...pages };

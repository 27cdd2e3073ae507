import fields from '../../locales/en/fields.json' with { type: 'json' };
import pages from '../../locales/en/pages.json' with { type: 'json' };
import window from '../../locales/en/window.json' with { type: 'json' };

export const sentences: Readonly<Record<string, string>> = { ...fields, ...window, ...pages };

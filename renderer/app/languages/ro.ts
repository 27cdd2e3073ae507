import fields from '../../locales/ro/fields.json' with { type: 'json' };
import pages from '../../locales/ro/pages.json' with { type: 'json' };
import window from '../../locales/ro/window.json' with { type: 'json' };

export const sentences: Readonly<Record<string, string>> = { ...fields, ...window, ...pages };

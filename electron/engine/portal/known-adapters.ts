import type { PortalSettings } from '../../contract/portal/settings.ts';
import { mpassForms } from './mpass-forms.ts';
import type { PortalAdapter } from './portal-adapter.ts';

/** The adapter that the settings name. */
export function adapterOf(settings: PortalSettings): PortalAdapter {
  const adapters = { 'mpass-forms': mpassForms } as const;
  return adapters[settings.adapter](settings);
}

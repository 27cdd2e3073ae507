import { clean } from '../../app/clean-text.ts';
import { useText, type WindowText } from '../../app/text.tsx';
import { useWindow, type WindowState } from '../../app/window-store.ts';

/** In words, from a token's source: `pkcs15`, `profile:ID` or `pkcs11:FILE`. */
function sourceText(source: string | undefined, { t }: WindowText): string {
  if (source === undefined) return t('page.settings.module.none');
  const [kind, rest = ''] = source.split(/:(.*)/s);
  if (kind === 'pkcs11') return t('page.settings.module.pkcs11', { module: clean(rest, 120) });
  if (kind === 'profile') return t('page.settings.module.profile', { profile: clean(rest, 120) });
  return t('page.settings.module.pkcs15');
}

function portalText(portal: WindowState['session']['portal'], { t }: WindowText): string {
  if (portal === undefined) return t('page.settings.portal.unknown');
  return t(portal.simulated ? 'page.settings.portal.simulated' : 'page.settings.portal.signed-in', {
    label: clean(portal.label, 100),
    host: clean(portal.host, 100),
  });
}

/** What the settings file decides, as far as the window is told. */
export function FixedSettings() {
  const text = useText();
  const portal = useWindow(({ session }) => session.portal);
  const source = useWindow(({ personal }) => personal?.token.source);
  return (
    <div className="settings-fields">
      <p className="second">{text.t('page.settings.fixed.lead')}</p>
      <dl className="facts settings-fixed">
        <div>
          <dt>{text.t('page.settings.portal')}</dt>
          <dd>{portalText(portal, text)}</dd>
        </div>
        <div>
          <dt>{text.t('page.settings.module')}</dt>
          <dd>{sourceText(source, text)}</dd>
        </div>
      </dl>
      <p className="small third">{text.t('page.settings.fixed.how')}</p>
    </div>
  );
}

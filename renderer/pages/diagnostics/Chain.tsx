import {
  Check,
  CircleHelp,
  Cog,
  IdCard,
  Info,
  KeyRound,
  Landmark,
  type LucideIcon,
  Monitor,
  ScanLine,
  Wifi,
  X,
} from 'lucide-react';
import type { Finding } from '../../../electron/contract/diagnostics/finding.ts';
import { useText } from '../../app/text.tsx';
import { Icon } from '../../components/Icon.tsx';
import { type ChainLink, chainLinks, chainStates, type LinkState } from './chain-links.ts';

const icons: Readonly<Record<ChainLink, LucideIcon>> = {
  computer: Monitor,
  service: Cog,
  reader: ScanLine,
  card: IdCard,
  certificates: KeyRound,
  network: Wifi,
  portal: Landmark,
};

const marks: Readonly<Partial<Record<LinkState, LucideIcon>>> = {
  ok: Check,
  notice: Info,
  problem: X,
  unknown: CircleHelp,
};

/** The way from the computer to the portal as a thread, which breaks where something is broken. */
export function Chain({
  findings,
  running,
}: {
  readonly findings: readonly Finding[];
  readonly running: boolean;
}) {
  const { t } = useText();
  const states = running
    ? chainLinks.map((link): [ChainLink, 'running'] => [link, 'running'])
    : chainStates(findings);
  return (
    <div className="chain-panel">
      {running && (
        <div className="running-bar" role="progressbar" aria-label={t('diag.running.title')}>
          <i />
        </div>
      )}
      <ol className="chain" aria-label={t('diag.chain')}>
        {states.map(([link, state]) => {
          const mark = state === 'running' ? undefined : marks[state];
          return (
            <li key={link} data-state={state}>
              <span className="chain-knot">
                <Icon of={icons[link]} size={22} />
                {mark && (
                  <i className="chain-mark">
                    <Icon of={mark} size={12} weight={3} />
                  </i>
                )}
              </span>
              <span className="strong">{t(`diag.link.${link}`)}</span>
              <span className="chain-word">{t(`diag.link.state.${state}`)}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

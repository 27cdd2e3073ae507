import { CircleCheck, CircleHelp, CircleMinus, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { Finding } from '../../../electron/contract/diagnostics/finding.ts';
import type { CheckText } from '../../../electron/contract/text/check-text.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { Button } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { Icon } from '../../components/Icon.tsx';
import type { sortedFindings } from './chain-links.ts';

/** So many are shown before somebody asks for all. */
const shownFirst = 6;

/** Everything that was looked at and needs no repair, by what came of it. */
export function OtherChecks({
  parts,
  words,
}: {
  readonly parts: ReturnType<typeof sortedFindings>;
  readonly words: CheckText;
}) {
  return (
    <div className="checks-lists">
      <Checks title="diag.unknown" icon={CircleHelp} kind="unknown" findings={parts.unknown} words={words} />
      <Checks title="diag.ok" icon={CircleCheck} kind="ok" findings={parts.ok} words={words} />
      <Checks title="diag.away" icon={CircleMinus} kind="away" findings={parts.away} words={words} />
      <Checks title="diag.not-here" icon={CircleMinus} kind="away" findings={parts.notHere} words={words} />
    </div>
  );
}

function Checks({
  title,
  icon,
  kind,
  findings,
  words,
}: {
  readonly title: TextKey;
  readonly icon: LucideIcon;
  readonly kind: 'ok' | 'unknown' | 'away';
  readonly findings: readonly Finding[];
  readonly words: CheckText;
}) {
  const { t } = useText();
  const [all, setAll] = useState(false);
  if (findings.length === 0) return null;
  const long = findings.length > shownFirst + 1;
  const shown = all || !long ? findings : findings.slice(0, shownFirst);
  return (
    <Card className="checks" data-kind={kind} aria-label={t(title, { count: findings.length })}>
      <div className="spread">
        <h2>{t(title, { count: findings.length })}</h2>
        {long && (
          <Button variant="text" size="row" aria-expanded={all} onPress={() => setAll(!all)}>
            {t(all ? 'diag.ok.fewer' : 'diag.ok.all')}
          </Button>
        )}
      </div>
      <ul>
        {shown.map((finding) => (
          <li key={finding.id}>
            <Icon of={icon} size={20} />
            <span className="grow">
              {words.check(finding.id)}
              {finding.reason !== undefined && (
                <span className="small third checks-reason">{words.sentence(finding)}</span>
              )}
            </span>
            {kind === 'ok' && (
              <span className="small third nowrap numbers">
                {t('diag.ms', { ms: Math.round(finding.durationMs) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

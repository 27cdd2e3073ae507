import { FolderOpen } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { type LogState, logLevels } from '../../../electron/contract/diagnostics/log.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { Segments } from '../../components/Choices.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Note } from '../../components/Note.tsx';

/** How much the application writes into its log, and where that lies. */
export function LogCard() {
  const { t } = useText();
  const up = useWindow(({ connection }) => connection === 'up');
  const level = useRequest('log.level');
  const show = useRequest('host.log.show');
  // What was known stays on screen while another level is asked for.
  const [result, setResult] = useState<LogState | null>(null);
  const { run } = level;
  const ask = useCallback(
    async (wanted?: LogState['level']) => {
      const known = await run(wanted === undefined ? {} : { level: wanted });
      if (known !== undefined) setResult(known);
    },
    [run],
  );
  useEffect(() => {
    if (up) void ask();
  }, [up, ask]);
  const failure = level.failure ?? show.failure;
  return (
    <Card aria-labelledby="diagnostics-log" className="log-card">
      <h2 id="diagnostics-log">{t('diag.log')}</h2>
      <p className="small second">{t('diag.log.text')}</p>
      {result !== null && (
        <div className="stack">
          <span className="small strong">{t('diag.log.level')}</span>
          <Segments
            label={t('diag.log.level')}
            value={result.level}
            choices={logLevels.map((value) => ({ value, label: t(`diag.log.${value}`) }))}
            onChange={(value) => void ask(value)}
          />
          {!result.writing && result.level !== 'off' && <Note tone="care">{t('diag.log.not-writing')}</Note>}
        </div>
      )}
      {failure && <FailureNote failure={failure} />}
      <Button
        size="row"
        icon={FolderOpen}
        isDisabled={!up}
        busy={show.busy}
        onPress={() => void show.run({})}
      >
        {t('diag.log.open')}
      </Button>
    </Card>
  );
}

import type { MonitorLine } from '../../../electron/contract/diagnostics/monitor.ts';
import { useText } from '../../app/text.tsx';
import { Card } from '../../components/Card.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { lineAnswer, lineMeaning, lineText, lineTone, statusWords } from './monitor-words.ts';

/** One line, byte by byte. */
export function LineDetail({ line }: { readonly line: MonitorLine | undefined }) {
  const text = useText();
  const { t } = text;
  if (line === undefined)
    return (
      <Card kind="flat" aria-label={t('desk.monitor.detail')} className="line-detail">
        <p className="small second">{t('desk.monitor.detail.none')}</p>
      </Card>
    );
  const title =
    line.kind === 'command' ? line.name : line.kind === 'module' ? line.function : lineMeaning(line, text);
  return (
    <Card aria-label={t('desk.monitor.detail')} className="line-detail">
      <h2>{title}</h2>
      {line.kind !== 'channel' && <p className="small second">{lineMeaning(line, text)}</p>}
      {line.kind === 'command' && (
        <>
          <h3>{t('desk.monitor.detail.sent')}</h3>
          <ul className="byte-boxes">
            <Byte hex={line.cla} word={t('desk.monitor.detail.cla')} />
            <Byte hex={line.ins} word={t('desk.monitor.detail.ins')} />
            <Byte hex={line.p1} word="P1" />
            <Byte hex={line.p2} word="P2" />
          </ul>
          {line.chained && <p className="small third">{t('desk.monitor.detail.chained')}</p>}
          {line.answer && (
            <>
              <h3>{t('desk.monitor.detail.received')}</h3>
              <ul className="byte-boxes">
                <Byte hex={line.answer.status.slice(0, 2)} word="SW1" tone={lineTone(line)} />
                <Byte hex={line.answer.status.slice(2)} word="SW2" tone={lineTone(line)} />
              </ul>
              <p className="strong">{statusWords(line.answer, text)}</p>
            </>
          )}
        </>
      )}
      {(line.kind !== 'command' || line.failure !== undefined) && (
        <p className="strong">{lineAnswer(line, text)}</p>
      )}
      <dl className="line-facts">
        <div>
          <dt>{t('desk.monitor.detail.time')}</dt>
          <dd>{text.dateTime(line.at)}</dd>
        </div>
        <div>
          <dt>{t('desk.monitor.detail.reader')}</dt>
          <dd>
            <SafeText limit={120}>{line.reader}</SafeText>
          </dd>
        </div>
      </dl>
      <CopyButton text={lineText(line, text)} label={t('desk.monitor.detail.copy')}>
        {t('desk.monitor.detail.copy')}
      </CopyButton>
    </Card>
  );
}

function Byte({ hex, word, tone }: { readonly hex: string; readonly word: string; readonly tone?: string }) {
  return (
    <li data-tone={tone}>
      <b>{hex}</b>
      <span>{word}</span>
    </li>
  );
}

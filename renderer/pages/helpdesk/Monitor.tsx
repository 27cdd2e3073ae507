import {
  Activity,
  CircleCheck,
  CircleX,
  Eraser,
  Play,
  Radio,
  Save,
  Square,
  TriangleAlert,
} from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { MonitorLine } from '../../../electron/contract/diagnostics/monitor.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { Segments } from '../../components/Choices.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Field } from '../../components/Field.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Tag } from '../../components/Tag.tsx';
import { EmptyState } from '../../components/Waiting.tsx';
import { LineDetail } from './LineDetail.tsx';
import { useMonitorDesk } from './monitor-desk.ts';
import { filtered, type LineFilter, lineAnswer, lineBytes, lineMeaning, lineTone } from './monitor-words.ts';

const toneIcons = { good: CircleCheck, care: TriangleAlert, bad: CircleX } as const;

/** What passes between the application and cards or modules, while somebody watches. */
export function Monitor() {
  const text = useText();
  const { t } = text;
  const [{ on, lines, dropped, busy, failure }, desk] = useMonitorDesk();
  const up = useWindow(({ connection }) => connection === 'up');
  const [filter, setFilter] = useState<LineFilter>('all');
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<number>();
  const shown = useMemo(() => filtered(lines, filter, search, text), [lines, filter, search, text]);
  const problems = useMemo(() => lines.filter((line) => lineTone(line) !== 'good').length, [lines]);
  const line = lines.find(({ number }) => number === chosen);
  return (
    <div className="desk-part">
      <div className="monitor-head">
        <Button
          variant={on ? 'secondary' : 'primary'}
          size="row"
          icon={on ? Square : Play}
          busy={busy}
          isDisabled={!up}
          onPress={() => void (on ? desk.stop() : desk.start())}
        >
          {t(on ? 'desk.monitor.stop' : 'desk.monitor.start')}
        </Button>
        <TraceButton up={up} />
        {lines.length > 0 && (
          <Button size="row" variant="text" icon={Eraser} onPress={desk.clear}>
            {t('desk.monitor.clear')}
          </Button>
        )}
        <span role="status" className="monitor-state">
          <Tag tone={on ? 'good' : 'plain'} icon={Radio}>
            {t(on ? 'desk.monitor.on' : 'desk.monitor.off')}
          </Tag>
        </span>
      </div>
      {failure && <FailureNote failure={failure} />}
      {lines.length === 0 ? (
        <EmptyState icon={Activity} title={t('desk.monitor.empty.title')}>
          {t(on ? 'desk.monitor.empty.on' : 'desk.monitor.empty.off')}
        </EmptyState>
      ) : (
        <>
          <div className="monitor-tools">
            <Field label={t('desk.monitor.search')} value={search} onChange={setSearch} maxLength={100} />
            <Segments
              label={t('desk.monitor.filter')}
              value={filter}
              choices={[
                { value: 'all', label: t('desk.monitor.filter.all', { count: lines.length }) },
                { value: 'commands', label: t('desk.monitor.filter.commands') },
                { value: 'problems', label: t('desk.monitor.filter.problems', { count: problems }) },
                { value: 'modules', label: t('desk.monitor.filter.modules') },
              ]}
              onChange={setFilter}
            />
          </div>
          {dropped > 0 && <Note tone="care">{t('desk.monitor.dropped', { count: dropped })}</Note>}
          <div className="monitor-columns">
            {shown.length === 0 ? (
              <p className="second">{t('desk.monitor.none')}</p>
            ) : (
              <Lines lines={shown} first={lines[0]?.at ?? ''} chosen={chosen} onChoose={setChosen} />
            )}
            <LineDetail line={line} />
          </div>
        </>
      )}
    </div>
  );
}

function Lines({
  lines,
  first,
  chosen,
  onChoose,
}: {
  readonly lines: readonly MonitorLine[];
  readonly first: string;
  readonly chosen: number | undefined;
  readonly onChoose: (number: number) => void;
}) {
  const text = useText();
  const { t, locale } = text;
  const frame = useRef<HTMLDivElement>(null);
  const last = lines.at(-1)?.number;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever a line has come
  useEffect(() => {
    // Who reads what came before is not taken away from it.
    const scroller = frame.current?.querySelector('.table-scroll-long');
    if (scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 400)
      scroller.scrollTo(0, scroller.scrollHeight);
  }, [last]);
  const columns = useMemo((): readonly Column<MonitorLine>[] => {
    const seconds = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
    const from = Date.parse(first);
    return [
      {
        id: 'second',
        head: t('desk.monitor.second'),
        numbers: true,
        width: '5.5rem',
        cell: ({ at }) => seconds.format((Date.parse(at) - from) / 1000),
      },
      {
        id: 'meaning',
        head: t('desk.monitor.meaning'),
        rowHead: true,
        cell: (line) => (
          <>
            {lineMeaning(line, text)}
            <span className="monitor-bytes">
              {line.kind === 'command' && <b>{line.name}</b>} {lineBytes(line, text)}
            </span>
          </>
        ),
      },
      {
        id: 'answer',
        head: t('desk.monitor.answer'),
        width: '34%',
        cell: (line) => (
          <span className="row monitor-answer" data-tone={lineTone(line)}>
            <Icon of={toneIcons[lineTone(line)]} size={18} />
            {lineAnswer(line, text)}
          </span>
        ),
      },
      {
        id: 'ms',
        head: t('desk.monitor.ms'),
        numbers: true,
        width: '4rem',
        cell: ({ ms }) => Math.round(ms),
      },
    ];
  }, [text, t, locale, first]);
  return (
    <div ref={frame} className="monitor-lines">
      <Table
        label={t('desk.monitor.table')}
        columns={columns}
        rows={lines}
        rowKey={({ number }) => number}
        onChoose={({ number }) => onChoose(number)}
        chosen={chosen}
      />
    </div>
  );
}

/** Records what passes, to be seen or replayed elsewhere. */
function TraceButton({ up }: { readonly up: boolean }) {
  const { t } = useText();
  const [{ tracing, busy }, desk] = useMonitorDesk();
  const save = useRequest('host.save');
  const [nothing, setNothing] = useState(false);
  const stop = async () => {
    const trace = await desk.stopTrace();
    if (trace === undefined) return;
    setNothing(trace.cards.length === 0);
    if (trace.cards.length > 0)
      await save.run({
        name: 'Buletin trace',
        kind: 'json',
        content: `${JSON.stringify(trace, null, 1)}\n`,
      });
  };
  const said = () => {
    if (tracing) return t('desk.trace.on');
    if (nothing) return t('desk.trace.empty');
    if (save.result?.saved === true) return t('desk.trace.saved', { name: save.result.name ?? '' });
    return t('desk.trace.start.help');
  };
  return (
    <>
      <Button
        size="row"
        icon={tracing ? Save : Radio}
        busy={busy}
        isDisabled={!up}
        onPress={() => {
          setNothing(false);
          save.reset();
          void (tracing ? stop() : desk.startTrace());
        }}
      >
        {t(tracing ? 'desk.trace.stop' : 'desk.trace.start')}
      </Button>
      <span className="small third trace-help" role="status">
        {said()}
      </span>
      {save.failure && <FailureNote failure={save.failure} />}
    </>
  );
}

import {
  Copy,
  Database,
  Download,
  FileBraces,
  FileSpreadsheet,
  FileText,
  FolderOpen,
  LayoutGrid,
  Lock,
  Printer,
  RotateCw,
  Rows3,
} from 'lucide-react';
import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { asFailure, type Failure } from '../../../electron/contract/failures/failure.ts';
import type {
  DataService,
  ServiceAnswer,
  ServiceAnswers,
} from '../../../electron/contract/portal/services.ts';
import { useLink } from '../../app/host-link.ts';
import { printPage } from '../../app/printing.ts';
import { useText } from '../../app/text.tsx';
import { type DataState, isSimulated, useWindow } from '../../app/window-store.ts';
import { Button, ButtonLink, buttonClass } from '../../components/Button.tsx';
import { CardNeeded } from '../../components/CardNeeded.tsx';
import { Segments } from '../../components/Choices.tsx';
import { copyText } from '../../components/CopyButton.tsx';
import { FailureNote, FailurePanel } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { SafeText } from '../../components/SafeText.tsx';
import { useToast } from '../../components/Toast.tsx';
import { EmptyState, Loading } from '../../components/Waiting.tsx';
import { asCsv, asJson, asText, fileName } from './saving.ts';
import './data.css';

/** Two ways of seeing the same data. */
export type View = 'cards' | 'table';

interface DataPageProps<S extends DataService> {
  readonly service: S;
  readonly title: string;
  readonly lead: string;
  /** What is there to be seen; `view` only where there are two. */
  readonly children: (answer: ServiceAnswers[S], view: View) => ReactNode;
  /** Offers cards and table. */
  readonly views?: boolean;
  /** What is hidden until asked for is being shown. */
  readonly sensitive?: boolean;
  readonly shape?: 'cards' | 'table' | 'lines';
  readonly empty: string;
  /** Beside the source, at the foot. */
  readonly foot?: ReactNode;
}

/** The frame of all pages of My data: reading, states, copying, saving, source and time. */
export function DataPage<S extends DataService>(props: DataPageProps<S>) {
  const { t } = useText();
  const { service, title, lead } = props;
  const personal = useWindow((state) => state.personal !== null);
  const session = useWindow((state) => state.session);
  const data = useWindow((state) => state.personal?.data[service]) as DataState<S> | undefined;
  const [view, setView] = useState<View>('cards');
  const open = personal && session.state === 'signed-in' && session.registered !== false;
  const answer = open && data?.state === 'ready' ? data.answer : undefined;
  return (
    <div className="page data-page">
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p>{lead}</p>
        </div>
        {answer !== undefined && answer.items.length > 0 && (
          <div className="row wide wrap page-actions">
            {props.views && (
              <Segments
                label={t('data.view')}
                value={view}
                choices={[
                  { value: 'cards', label: t('data.view.cards'), icon: LayoutGrid },
                  { value: 'table', label: t('data.view.table'), icon: Rows3 },
                ]}
                onChange={setView}
              />
            )}
            <Actions answer={answer} sensitive={props.sensitive ?? false} />
          </div>
        )}
      </header>
      {personal ? (
        open ? (
          <Reading {...props} data={data} view={view} />
        ) : (
          <Locked registered={session.state !== 'signed-in'} />
        )
      ) : (
        <CardNeeded />
      )}
    </div>
  );
}

function Locked({ registered }: { readonly registered: boolean }) {
  const { t } = useText();
  return (
    <EmptyState
      icon={Lock}
      title={t(registered ? 'start.locked.title' : 'register.title')}
      action={
        <ButtonLink to="/" variant="primary">
          {t(registered ? 'data.to-sign-in' : 'data.to-register')}
        </ButtonLink>
      }
    >
      {t(registered ? 'data.locked' : 'data.not-registered')}
    </EmptyState>
  );
}

function Reading<S extends DataService>({
  service,
  data,
  view,
  shape = 'cards',
  empty,
  foot,
  children,
}: DataPageProps<S> & { readonly data: DataState<S> | undefined; readonly view: View }) {
  const { t, dateTime } = useText();
  const link = useLink();
  const abort = useRef<AbortController | null>(null);
  const read = (again: boolean) => {
    abort.current = new AbortController();
    void link.readData(service, { again, signal: abort.current.signal });
  };
  // Thousands of entries are laid out in pieces, between which the window stays awake. Nothing of a person outlives
  // them by it: without a person this component is not there.
  const ready = data?.state === 'ready' ? data.answer : null;
  const laidOut = useDeferredValue(ready, null);
  const seen = useDeferredValue(view);
  const unread = data === undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each service, and when it was forgotten
  useEffect(() => {
    if (unread) read(false);
  }, [service, unread]);
  if (data === undefined || data.state === 'loading')
    return <Loading label={t('data.reading')} shape={shape} onCancel={() => abort.current?.abort()} />;
  if (data.state === 'failed')
    return data.failure.code === 'cancelled' ? (
      <EmptyState
        icon={FolderOpen}
        title={t('data.cancelled')}
        action={
          <Button variant="primary" onPress={() => read(true)}>
            {t('data.read-now')}
          </Button>
        }
      />
    ) : (
      <FailurePanel failure={data.failure} kind="part" onRetry={() => read(true)} noTrySpent />
    );
  if (laidOut === null)
    return <Loading label={t('data.reading')} shape={shape} onCancel={() => abort.current?.abort()} />;
  const answer = laidOut;
  return (
    <>
      {answer.items.length === 0 ? (
        <EmptyState icon={FolderOpen} title={empty}>
          {t('data.empty')}
        </EmptyState>
      ) : (
        children(answer, seen)
      )}
      <footer className="page-foot">
        <span className="source">
          <Icon of={Database} size={16} />
          <span>
            <SafeText>{answer.source}</SafeText>
            {', '}
            {t('data.read-at', { at: dateTime(answer.readAt) })}
          </span>
          <span className="no-print">
            <Button variant="text" size="row" icon={RotateCw} onPress={() => read(true)}>
              {t('data.read-again')}
            </Button>
          </span>
        </span>
        {foot && <span className="source">{foot}</span>}
      </footer>
    </>
  );
}

/** Copy, print, save. */
function Actions({ answer, sensitive }: { readonly answer: ServiceAnswer; readonly sensitive: boolean }) {
  const text = useText();
  const { t } = text;
  const link = useLink();
  const toast = useToast();
  const simulated = useWindow(isSimulated);
  const [failure, setFailure] = useState<Failure | null>(null);
  const options = { sensitive, simulated };
  const attempt = async (work: () => Promise<string | undefined>) => {
    setFailure(null);
    try {
      const said = await work();
      if (said !== undefined) toast(said);
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  };
  const print = (to: 'printer' | 'pdf') =>
    attempt(async () => {
      const { done, name } = await printPage(link, to);
      return done && to === 'pdf' ? t('data.saved', { name: name ?? '' }) : undefined;
    });
  const save = (kind: 'csv' | 'json') =>
    attempt(async () => {
      const content = kind === 'csv' ? asCsv(answer, text, options) : asJson(answer, options);
      const name = fileName(answer.service, kind, new Date(), simulated);
      const saved = await link.request('host.save', { name, kind, content });
      return saved.saved ? t('data.saved', { name: saved.name ?? name }) : undefined;
    });
  return (
    <>
      <Button
        size="row"
        icon={Copy}
        onPress={() => {
          if (copyText(asText(answer, text, options))) toast(t('action.copied'));
        }}
      >
        {t('action.copy')}
      </Button>
      <Button size="row" icon={Printer} onPress={() => void print('printer')}>
        {t('action.print')}
      </Button>
      <MenuTrigger>
        <AriaButton className={buttonClass('secondary', 'row')}>
          <Icon of={Download} size={17} />
          {t('action.save')}
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            onAction={(kind) => {
              if (kind === 'pdf') void print('pdf');
              else if (kind === 'csv' || kind === 'json') void save(kind);
            }}
          >
            <MenuItem id="pdf" className="menu-item" textValue={t('data.save.pdf')}>
              <Icon of={FileText} size={18} />
              {t('data.save.pdf')}
            </MenuItem>
            <MenuItem id="csv" className="menu-item" textValue={t('data.save.csv')}>
              <Icon of={FileSpreadsheet} size={18} />
              {t('data.save.csv')}
            </MenuItem>
            <MenuItem id="json" className="menu-item" textValue={t('data.save.json')}>
              <Icon of={FileBraces} size={18} />
              {t('data.save.json')}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {failure && failure.code !== 'cancelled' && <FailureNote failure={failure} />}
    </>
  );
}

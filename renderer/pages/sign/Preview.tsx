import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ChosenDocument } from '../../../electron/contract/pages/host-methods.ts';
import { clean } from '../../app/clean-text.ts';
import { useLink } from '../../app/host-link.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Note } from '../../components/Note.tsx';
import { Loading } from '../../components/Waiting.tsx';
import type { PdfPreview, PreviewProblem } from './pdf-preview.ts';

const problems: Readonly<Record<PreviewProblem, readonly [TextKey, TextKey]>> = {
  broken: ['page.sign.preview.failed.title', 'page.sign.preview.failed.text'],
  password: ['page.sign.preview.password.title', 'page.sign.preview.password.text'],
  unreadable: ['page.sign.preview.changed.title', 'page.sign.preview.changed.text'],
};

/** Wider than that, a page at full size is harder to read; in CSS pixels. */
const widestPage = 780;

/** Sizes of the page as parts of the space there is. */
const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;

type Opened =
  | { readonly state: 'loading' }
  | { readonly state: 'open'; readonly pdf: PdfPreview }
  | { readonly state: 'failed'; readonly problem: PreviewProblem };

const problemOf = (thrown: unknown): PreviewProblem =>
  thrown instanceof Error && 'problem' in thrown ? (thrown.problem as PreviewProblem) : 'broken';

/** A document to read before it is signed. */
export function Preview({ file }: { readonly file: ChosenDocument }) {
  const { t } = useText();
  const link = useLink();
  const [opened, setOpened] = useState<Opened>({ state: 'loading' });
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState<number>(2);
  const fail = useCallback((problem: PreviewProblem) => setOpened({ state: 'failed', problem }), []);
  useEffect(() => {
    const controller = new AbortController();
    let pdf: PdfPreview | undefined;
    // pdf.js is large: it comes when there is something to read.
    import('./pdf-preview.ts')
      .then(({ PdfPreview }) => PdfPreview.open(link, file, controller.signal))
      .then((document) => {
        pdf = document;
        if (controller.signal.aborted) document.close();
        else setOpened({ state: 'open', pdf: document });
      })
      .catch((thrown) => {
        if (!controller.signal.aborted) setOpened({ state: 'failed', problem: problemOf(thrown) });
      });
    return () => {
      controller.abort();
      pdf?.close();
    };
  }, [link, file]);
  const pages = opened.state === 'open' ? opened.pdf.pages : 0;
  const scale = zooms[zoom] ?? 1;
  return (
    <section className="sign-preview" aria-label={t('page.sign.preview')}>
      <div className="sign-preview-tools">
        <IconButton
          icon={ChevronLeft}
          label={t('page.sign.preview.previous')}
          isDisabled={page <= 1}
          onPress={() => setPage(page - 1)}
        />
        <span role="status" className="numbers">
          {pages > 0 ? t('page.sign.preview.page', { page, pages }) : ''}
        </span>
        <IconButton
          icon={ChevronRight}
          label={t('page.sign.preview.next')}
          isDisabled={page >= pages}
          onPress={() => setPage(page + 1)}
        />
        <i aria-hidden="true" />
        <IconButton
          icon={ZoomOut}
          label={t('page.sign.preview.zoom-out')}
          isDisabled={pages === 0 || zoom === 0}
          onPress={() => setZoom(zoom - 1)}
        />
        <span className="numbers">{Math.round(scale * 100)} %</span>
        <IconButton
          icon={ZoomIn}
          label={t('page.sign.preview.zoom-in')}
          isDisabled={pages === 0 || zoom === zooms.length - 1}
          onPress={() => setZoom(zoom + 1)}
        />
      </div>
      {opened.state === 'loading' && <Loading label={t('page.sign.preview.loading')} />}
      {opened.state === 'failed' && (
        <Note tone="care" role="status" title={t(problems[opened.problem][0])}>
          <p>{t(problems[opened.problem][1])}</p>
        </Note>
      )}
      {opened.state === 'open' && <Paper pdf={opened.pdf} page={page} scale={scale} onFailure={fail} />}
    </section>
  );
}

interface PaperProps {
  readonly pdf: PdfPreview;
  readonly page: number;
  readonly scale: number;
  readonly onFailure: (problem: PreviewProblem) => void;
}

function Paper({ pdf, page, scale, onFailure }: PaperProps) {
  const { t } = useText();
  const desk = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [space, setSpace] = useState(0);
  const [text, setText] = useState<string | null>(null);
  useLayoutEffect(() => {
    const { current } = desk;
    if (current === null) return undefined;
    const measure = () => setSpace(Math.min(widestPage, Math.max(0, current.clientWidth - 32)));
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    measure();
    return () => observer.disconnect();
  }, []);
  const width = Math.round(space * scale);
  useEffect(() => {
    const picture = canvas.current;
    if (picture === null || width === 0) return undefined;
    const controller = new AbortController();
    pdf
      .draw(page, picture, width, window.devicePixelRatio, controller.signal)
      .then((words) => setText(words))
      .catch((thrown) => {
        if (!controller.signal.aborted) onFailure(problemOf(thrown));
      });
    return () => controller.abort();
  }, [pdf, page, width, onFailure]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page begins at its top
  useEffect(() => {
    desk.current?.scrollTo(0, 0);
  }, [page]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="sign-paper-desk" ref={desk} tabIndex={0} aria-label={t('page.sign.preview')}>
      <canvas
        ref={canvas}
        className="sign-paper"
        style={{ width }}
        hidden={text === null}
        role="img"
        aria-label={t('page.sign.preview.picture', { page, pages: pdf.pages })}
      />
      {text === null ? (
        <Loading label={t('page.sign.preview.loading')} />
      ) : (
        <div className="visually-hidden">
          {text === '' ? t('page.sign.preview.no-text') : clean(text, 20_000)}
        </div>
      )}
    </section>
  );
}

import { ChevronDown, ChevronRight, ChevronsDownUp, ChevronsUpDown, Dot } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Asn1Node } from '../../../electron/contract/diagnostics/inspect.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import { Button } from '../../components/Button.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { openAtFirst, type TreeRow, treeRows, visibleRows } from './asn1-tree.ts';
import { spaced } from './monitor-words.ts';

/** Name of a node: its type, or the tag that stands for one. */
export const nodeName = ({ type, class: kind, tag }: Asn1Node): string =>
  type ?? (kind === 'context' ? `[${tag}]` : `[${kind.toUpperCase()} ${tag}]`);

/** What a node says in one line. */
export const nodeText = ({ name, oid, text, hex, constructed }: Asn1Node): string => {
  if (oid !== undefined) return name === undefined ? oid : name;
  if (text !== undefined) return clean(text, 120);
  return hex === undefined || constructed ? '' : clean(spaced(hex), 60);
};

/** A certificate's structure as a tree for mouse and keyboard (WAI-ARIA APG, tree view). */
export function Asn1Tree({ nodes, cut }: { readonly nodes: readonly Asn1Node[]; readonly cut: boolean }) {
  const { t } = useText();
  const rows = useMemo(() => treeRows(nodes), [nodes]);
  const [open, setOpen] = useState<ReadonlySet<number>>(() => openAtFirst(rows));
  const [at, setAt] = useState(0);
  const tree = useRef<HTMLDivElement>(null);
  const asked = useRef(false);
  const id = useId();
  const shown = visibleRows(rows, open);
  const chosen = rows[at];
  useEffect(() => {
    if (!asked.current) return;
    asked.current = false;
    tree.current?.querySelector<HTMLElement>(`[data-index="${at}"]`)?.focus();
  }, [at]);
  const go = (row: TreeRow | undefined) => {
    if (row === undefined) return;
    asked.current = true;
    setAt(row.index);
  };
  const turn = (row: TreeRow, opened: boolean) => {
    const next = new Set(open);
    if (opened) next.add(row.index);
    else next.delete(row.index);
    setOpen(next);
  };
  const all = () => setOpen(new Set(rows.filter(({ hasChildren }) => hasChildren).map(({ index }) => index)));
  const onKey = (event: KeyboardEvent) => {
    const place = shown.findIndex(({ index }) => index === at);
    const row = shown[place];
    if (row === undefined) return;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(shown[place + 1]),
      ArrowUp: () => go(shown[place - 1]),
      Home: () => go(shown[0]),
      End: () => go(shown.at(-1)),
      ArrowRight: () =>
        row.hasChildren && !open.has(row.index)
          ? turn(row, true)
          : go(row.hasChildren ? shown[place + 1] : undefined),
      ArrowLeft: () => (row.hasChildren && open.has(row.index) ? turn(row, false) : go(rows[row.parent])),
      Enter: () => row.hasChildren && turn(row, !open.has(row.index)),
      ' ': () => row.hasChildren && turn(row, !open.has(row.index)),
      '*': all,
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <section className="asn1" aria-labelledby={id}>
      <div className="spread wrap">
        <div>
          <h3 id={id}>{t('desk.tree')}</h3>
          <p className="small third">{t('desk.tree.help')}</p>
        </div>
        <div className="row">
          <Button size="row" variant="text" icon={ChevronsUpDown} onPress={all}>
            {t('desk.tree.open-all')}
          </Button>
          <Button
            size="row"
            variant="text"
            icon={ChevronsDownUp}
            onPress={() => {
              setOpen(new Set());
              setAt(0);
            }}
          >
            {t('desk.tree.close-all')}
          </Button>
        </div>
      </div>
      {cut && <Note tone="care">{t('desk.tree.cut')}</Note>}
      <div className="asn1-columns">
        <div role="tree" aria-labelledby={id} className="asn1-tree" ref={tree} onKeyDown={onKey}>
          {shown.map((row) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
            <div
              key={row.index}
              role="treeitem"
              tabIndex={row.index === at ? 0 : -1}
              data-index={row.index}
              aria-level={row.node.depth + 1}
              aria-posinset={row.position}
              aria-setsize={row.siblings}
              aria-selected={row.index === at}
              {...(row.hasChildren ? { 'aria-expanded': open.has(row.index) } : {})}
              style={{ paddingInlineStart: `${0.25 + Math.min(row.node.depth, 16) * 1.1}rem` }}
              onClick={() => {
                setAt(row.index);
                if (row.hasChildren) turn(row, !open.has(row.index));
              }}
            >
              <Icon
                of={row.hasChildren ? (open.has(row.index) ? ChevronDown : ChevronRight) : Dot}
                size={16}
              />
              <span className="asn1-type">{nodeName(row.node)}</span>
              <span className="asn1-text">{nodeText(row.node)}</span>
            </div>
          ))}
        </div>
        {chosen && <Chosen node={chosen.node} />}
      </div>
    </section>
  );
}

/** Everything that is known of one node. */
function Chosen({ node }: { readonly node: Asn1Node }) {
  const { t } = useText();
  return (
    <section className="asn1-chosen" aria-label={t('desk.tree.chosen')}>
      <strong className="strong">{nodeName(node)}</strong>
      <p className="small third">
        {t('desk.tree.bytes', { count: node.headerLength + node.length, offset: node.offset })}
        {node.wrapped && `, ${t('desk.tree.wrapped')}`}
      </p>
      {node.name !== undefined && <p>{node.name}</p>}
      {node.oid !== undefined && <p className="mono safe-text">{clean(node.oid, 1000)}</p>}
      {node.text !== undefined && <p className="safe-text">{clean(node.text, 2000)}</p>}
      {node.hex !== undefined && node.hex !== '' && <p className="mono safe-text">{spaced(node.hex)}</p>}
    </section>
  );
}

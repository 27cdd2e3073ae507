import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { usePrinting } from '../app/printing.ts';
import { useText } from '../app/text.tsx';
import { Icon } from './Icon.tsx';

export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** What to sort by; without it the column cannot be sorted. */
  readonly sortBy?: (row: Row) => string | number;
  /** Digits stand under each other. */
  readonly numbers?: boolean;
  /** Share of the width, where all rows must agree (many rows); such as `2fr`. */
  readonly width?: string;
  /** The cell names its row. */
  readonly rowHead?: boolean;
}

export interface SortOrder {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  /** What the table shows; read aloud. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  readonly initialSort?: SortOrder;
  /** Rows of the past, shown paler. */
  readonly isFaint?: (row: Row) => boolean;
  readonly onChoose?: (row: Row) => void;
  readonly chosen?: string | number | undefined;
}

/** From so many rows on, only those in sight are in the document. */
const virtualFrom = 100;
const rowHeight = 48;

/** The rows in the chosen order; texts as the language sorts them. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: SortOrder | undefined,
  language: string,
): readonly Row[] {
  const by = columns.find((column) => column.id === order?.column)?.sortBy;
  if (!by || !order) return rows;
  const sign = order.descending ? -1 : 1;
  const keys = rows.map(by);
  // Texts are compared as the language does, which is slow: each different one once, then by its rank.
  const texts = [...new Set(keys.filter((key) => typeof key === 'string'))];
  if (texts.length > 1) texts.sort(new Intl.Collator(language, { numeric: true }).compare);
  const ranks = new Map(texts.map((text, rank) => [text, rank]));
  const rank = (key: string | number) => (typeof key === 'number' ? key : (ranks.get(key) ?? 0));
  return rows
    .map((row, index) => ({ row, rank: rank(keys[index] ?? '') }))
    .sort((one, other) => sign * (one.rank - other.rank))
    .map(({ row }) => row);
}

export function Table<Row>(props: TableProps<Row>) {
  const { language } = useText();
  const { rows, columns, initialSort } = props;
  const [order, setOrder] = useState(initialSort);
  const inOrder = useMemo(() => sorted(rows, columns, order, language), [rows, columns, order, language]);
  const parts = { ...props, rows: inOrder, order, setOrder };
  const printing = usePrinting();
  return rows.length >= virtualFrom && !printing ? <LongTable {...parts} /> : <ShortTable {...parts} />;
}

type Parts<Row> = TableProps<Row> & {
  readonly order: SortOrder | undefined;
  readonly setOrder: (order: SortOrder) => void;
};

function Head<Row>({ columns, order, setOrder }: Parts<Row>) {
  const { t } = useText();
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const sortedBy = order?.column === column.id ? order : undefined;
          if (!column.sortBy)
            return (
              <th key={column.id} scope="col">
                {column.head}
              </th>
            );
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={sortedBy ? (sortedBy.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button
                type="button"
                className="sort-button"
                title={t('table.sort')}
                onClick={() => setOrder({ column: column.id, descending: sortedBy?.descending === false })}
              >
                {column.head}
                <Icon
                  of={sortedBy ? (sortedBy.descending ? ArrowDown : ArrowUp) : ChevronsUpDown}
                  size={15}
                />
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Cells<Row>({ table, row }: { readonly table: TableProps<Row>; readonly row: Row }) {
  const { columns, onChoose, chosen, rowKey } = table;
  return columns.map((column) => {
    const className = column.numbers ? 'numbers' : undefined;
    if (!column.rowHead) {
      return (
        <td key={column.id} className={className}>
          {column.cell(row)}
        </td>
      );
    }
    return (
      <th key={column.id} scope="row" className={className}>
        {onChoose ? (
          <button
            type="button"
            className="row-button"
            aria-pressed={chosen === rowKey(row)}
            onClick={() => onChoose(row)}
          >
            {column.cell(row)}
          </button>
        ) : (
          column.cell(row)
        )}
      </th>
    );
  });
}

/** Where rows can be chosen, the button in the row's head does it; a click beside it does, too. */
function rowProps<Row>({ isFaint, onChoose, chosen, rowKey }: TableProps<Row>, row: Row) {
  return {
    'data-faint': isFaint?.(row) ?? false,
    'data-chosen': chosen !== undefined && chosen === rowKey(row),
    ...(onChoose ? { 'data-choosable': true, onClick: () => onChoose(row) } : {}),
  };
}

function ShortTable<Row>(parts: Parts<Row>) {
  const { rows, rowKey, label } = parts;
  return (
    <section className="table-scroll" aria-label={label}>
      <table className="table" aria-label={label}>
        <Head {...parts} />
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} {...rowProps(parts, row)}>
              <Cells table={parts} row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The same with thousands of rows: those out of sight are two empty rows of their height. */
function LongTable<Row>(parts: Parts<Row>) {
  const { columns, rows, rowKey, label } = parts;
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    // Rows that come into sight may wait for the frame that they are painted in.
    useFlushSync: false,
    initialRect: { width: 0, height: 600 },
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="table-scroll table-scroll-long" aria-label={label} tabIndex={0} ref={scroller}>
      <table className="table table-long" aria-label={label} aria-rowcount={rows.length + 1}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={column.width === undefined ? {} : { width: column.width }} />
          ))}
        </colgroup>
        <Head {...parts} />
        <tbody>
          {before > 0 && <Spacer height={before} columns={columns.length} />}
          {items.map((item) => {
            const row = rows[item.index] as Row;
            return (
              <tr
                key={rowKey(row)}
                data-index={item.index}
                aria-rowindex={item.index + 2}
                ref={virtual.measureElement}
                {...rowProps(parts, row)}
              >
                <Cells table={parts} row={row} />
              </tr>
            );
          })}
          {after > 0 && <Spacer height={after} columns={columns.length} />}
        </tbody>
      </table>
    </section>
  );
}

const Spacer = ({ height, columns }: { readonly height: number; readonly columns: number }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can have focus
  <tr aria-hidden="true" className="table-spacer">
    <td colSpan={columns} style={{ height }} />
  </tr>
);

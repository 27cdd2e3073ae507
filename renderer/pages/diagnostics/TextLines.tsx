import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';

/** From so many lines on, only those in sight are in the document. */
const virtualFrom = 500;

/** A text file, line by line: all of it can be read, however long it is. */
export function TextLines({ lines, label }: { readonly lines: readonly string[]; readonly label: string }) {
  return lines.length < virtualFrom ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="text-lines" aria-label={label} tabIndex={0}>
      <pre>{lines.join('\n')}</pre>
    </section>
  ) : (
    <ManyLines lines={lines} label={label} />
  );
}

function ManyLines({ lines, label }: { readonly lines: readonly string[]; readonly label: string }) {
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 40,
    initialRect: { width: 0, height: 600 },
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="text-lines" aria-label={label} tabIndex={0} ref={scroller}>
      <div className="text-lines-all" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <pre
            key={index}
            data-index={index}
            ref={virtual.measureElement}
            style={{ transform: `translateY(${start}px)` }}
          >
            {lines[index]}
          </pre>
        ))}
      </div>
    </section>
  );
}

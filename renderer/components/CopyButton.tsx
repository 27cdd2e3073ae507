import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../app/text.tsx';
import { Button, IconButton } from './Button.tsx';
import { useToast } from './Toast.tsx';

/**
 * Puts text on the clipboard by the page's own copy event. The asynchronous clipboard asks for a permission, which
 * the hosts give to no page.
 */
export function copyText(text: string): boolean {
  let done = false;
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
    done = true;
  };
  document.addEventListener('copy', fill, { capture: true, once: true });
  document.execCommand('copy');
  document.removeEventListener('copy', fill, { capture: true });
  return done;
}

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, in words: "Copy the IDNP". */
  readonly label: string;
  /** With it a button with words, without it an icon. */
  readonly children?: ReactNode;
}

export function CopyButton({ text, label, children }: CopyButtonProps) {
  const { t } = useText();
  const toast = useToast();
  const copy = () => {
    if (copyText(text)) toast(t('action.copied'));
  };
  if (children === undefined) return <IconButton icon={Copy} size={17} label={label} onPress={copy} />;
  return (
    <Button size="row" icon={Copy} aria-label={label} onPress={copy}>
      {children}
    </Button>
  );
}

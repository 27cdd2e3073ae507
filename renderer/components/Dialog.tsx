import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useText } from '../app/text.tsx';
import { IconButton } from './Button.tsx';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** Buttons, the primary one last. */
  readonly actions?: ReactNode;
  /** An answer is needed: Escape closes, a press beside it does not. */
  readonly alert?: boolean;
}

/** A question or form over the page. Focus stays inside and comes back where it was. */
export function Dialog({ isOpen, onClose, title, children, actions, alert = false }: DialogProps) {
  const { t } = useText();
  return (
    <ModalOverlay
      className="dialog-veil"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={!alert}
    >
      <Modal className="dialog-frame">
        <AriaDialog className="dialog" role={alert ? 'alertdialog' : 'dialog'}>
          <div className="spread dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon={X} label={t('action.close')} onPress={onClose} />
          </div>
          <div className="dialog-body">{children}</div>
          {actions !== undefined && <div className="dialog-actions">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

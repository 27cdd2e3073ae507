import { CircleCheck } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { useWindow } from '../app/window-store.ts';
import { Icon } from './Icon.tsx';

const ToastContext = createContext<(message: string) => void>(() => {});

/** How long a message stays; it never holds anything that must be acted on. */
const shownMs = 6_000;

/** Says that something was done, such as "copied". Messages vanish with the person they may be about. */
export function ToastRegion({ children }: { readonly children: ReactNode }) {
  const epoch = useWindow((state) => state.epoch);
  const [toast, setToast] = useState<{ message: string; id: number; epoch: number } | null>(null);
  const show = useCallback(
    (message: string) => setToast((last) => ({ message, id: (last?.id ?? 0) + 1, epoch })),
    [epoch],
  );
  useEffect(() => {
    if (toast === null) return undefined;
    const timer = setTimeout(() => setToast(null), shownMs);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status">
        {toast !== null && toast.epoch === epoch && (
          <div className="toast" key={toast.id}>
            <Icon of={CircleCheck} />
            {toast.message}
          </div>
        )}
      </div>
    </ToastContext>
  );
}

/** Shows a short message. */
export const useToast = (): ((message: string) => void) => useContext(ToastContext);

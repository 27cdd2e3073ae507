/**
 * What a page can get from the shell, and what the shell needs from its host. `Shell` is the one implementation of
 * the first; each host (Electron, Chromium) implements the second.
 */

import type { z } from 'zod';
import type { PinPrompt } from '../../contract/model/status.ts';
import type { HostMethodName, HostMethods, WindowSettings } from '../../contract/pages/host-methods.ts';
import type { HostMessage } from '../../contract/pages/page-messages.ts';

export type HostInfo = Extract<HostMessage, { type: 'welcome' }>['host'];
export type HostParams<M extends HostMethodName> = z.output<HostMethods[M]['params']>;
export type HostResult<M extends HostMethodName> = z.output<HostMethods[M]['result']>;

/** One end of a page's port. The host closes it when the page goes; a closed port swallows what is sent. */
export interface HostPort {
  /** To the page. */
  send(text: string): void;
  /** From the page. Called once, before the page runs. Anything may come, text or not. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once: the listener is told when the page is gone (closed, crashed, reloaded). */
  onClose(listener: () => void): void;
}

/** Names a window to its host. Only the host knows what is inside. */
export type WindowHandle = unknown;

/** What the shell's pages ask for; answers them all, or throws a Failure. */
export interface ShellServices {
  readonly host: HostInfo;
  readonly settings: WindowSettings;
  call<M extends HostMethodName>(
    method: M,
    params: HostParams<M>,
    window: WindowHandle,
    signal: AbortSignal,
  ): Promise<HostResult<M>>;
  /** Called with the new settings after each change; returns how to stop it. */
  onSettings(listener: (settings: WindowSettings) => void): () => void;
}

/** A PIN window that the host has opened. */
export interface PinWindow {
  /** Closes it. Does nothing when the person closed it already. */
  close(): void;
}

/** A question that the person answers with yes or no. All of it is text, never markup. */
export interface Question {
  readonly title: string;
  readonly message: string;
  /** Shown as they are, one below the other. */
  readonly lines: readonly string[];
  readonly yes: string;
  readonly no: string;
}

/** What a host does for the shell. */
export interface Host {
  readonly info: HostInfo;
  /**
   * Opens the PIN window for a prompt, of `pinWindowSize`, of another process than the main window, on top of it. The
   * host calls `shell.connect({ kind: 'pin', prompt, … })` for its page, and `closed` when the person closes it.
   */
  openPinWindow(prompt: PinPrompt, closed: () => void, textSize: number): PinWindow;
  /** The system's dialog for PDF files: absolute paths, none when the person cancelled. */
  chooseDocuments(window: WindowHandle, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * The system's dialog for where to save: an absolute path, or null when the person cancelled. A host without
   * such a dialog names a new file in the folder where the person expects downloads.
   */
  chooseTarget(
    window: WindowHandle,
    target: { readonly name: string; readonly extension: 'csv' | 'json' | 'pdf' },
    signal: AbortSignal,
  ): Promise<string | null>;
  /**
   * Asks in a dialog of the system, which no page can draw or answer. No answer is a no.
   * @returns null where there is no such dialog
   */
  confirm(window: WindowHandle, question: Question, signal: AbortSignal): Promise<boolean | null>;
  /** The page as PDF (A4, backgrounds as the print style sheet says). */
  pdfOf(window: WindowHandle): Promise<Uint8Array>;
  /** Opens the system's dialog for printing; false when the person cancelled. */
  print(window: WindowHandle): Promise<boolean>;
  /** Shows a file in the file manager. */
  showInFolder(path: string): Promise<void>;
}

/** Where the shell's own log goes. Never a message's content. */
export type ShellLog = (line: string) => void;

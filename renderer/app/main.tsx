import '../styles/all.css';
import { createRoot } from 'react-dom/client';
import { languages } from '../../electron/contract/text/languages.ts';
import { startWindow } from './start-window.tsx';
import { loadLanguage } from './text.tsx';

// The host may say in the address which language its welcome is going to name: loaded meanwhile, it is there by then.
const hinted = languages.find((language) => window.location.search === `?lang=${language}`);
if (hinted !== undefined) void loadLanguage(hinted);

const root = document.getElementById('root');
if (root !== null && window.buletin !== undefined) void startWindow(createRoot(root), window.buletin);

import '../styles/all.css';
import { createRoot } from 'react-dom/client';
import { startWindow } from './start-window.tsx';

const root = document.getElementById('root');
if (root !== null && window.buletin !== undefined) void startWindow(createRoot(root), window.buletin);

import '../styles/pin.css';
import { createRoot } from 'react-dom/client';
import { startPinWindow } from './start-pin-window.tsx';

const root = document.getElementById('root');
if (root !== null && window.buletin !== undefined) void startPinWindow(createRoot(root), window.buletin);

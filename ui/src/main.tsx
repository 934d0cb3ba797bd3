import { render } from 'preact';
import { App } from './app/App';
import { listenToKeys } from './keyboard/shortcuts';
import { listen } from './routes/location';
import { startClock } from './state/clock';
import { applyTheme } from './theme/theme';
import './theme/index.css';

applyTheme();
listen();
startClock();
listenToKeys();

const root = document.getElementById('app');
if (root) render(<App />, root);

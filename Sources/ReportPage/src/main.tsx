import { createRoot } from 'react-dom/client';
import { App } from './shell/App';
import './styles/main.css';

const root = document.getElementById('page');
if (root) createRoot(root).render(<App />);

import 'bootstrap/dist/css/bootstrap.css';
import { Tooltip } from 'bootstrap';

new Tooltip(document.querySelector('#tip'));
document.querySelector('#theme').onclick = () => (document.documentElement.dataset.bsTheme = 'dark');

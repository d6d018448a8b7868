import 'tabulator-tables/dist/css/tabulator.css';
import { TabulatorFull } from 'tabulator-tables';

const goods = ['Tea', 'Salt', 'Timber', 'Wool', 'Coal'];
const data = Array.from({ length: 600 }, (_, id) => ({ id, good: goods[id % 5], tons: (id * 37) % 211, port: ['North', 'South'][id % 2], paid: id % 3 === 0, share: (id * 13) % 100 }));
new TabulatorFull('#table', {
  data,
  height: 560,
  layout: 'fitColumns',
  movableColumns: true,
  groupBy: undefined,
  columns: [
    { title: 'No', field: 'id', width: 80 },
    { title: 'Goods', field: 'good', headerFilter: 'input', editor: 'input' },
    { title: 'Tons', field: 'tons', hozAlign: 'right', sorter: 'number', bottomCalc: 'sum' },
    { title: 'Port', field: 'port' },
    { title: 'Paid', field: 'paid', formatter: 'tickCross', hozAlign: 'center' },
    { title: 'Share', field: 'share', formatter: 'progress' },
  ],
}).on('tableBuilt', () => (document.body.dataset.built = 'yes'));

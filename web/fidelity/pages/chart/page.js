import Chart from 'chart.js/auto';

const labels = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'];
const fish = (by) => labels.map((_, n) => 20 + ((n * by) % 37));
const options = () => ({ responsive: true, maintainAspectRatio: false, animation: { duration: 200, onComplete: () => (document.body.dataset.drawn = 'yes') } });
const charts = [
  new Chart('line', { type: 'line', options: options(), data: { labels, datasets: [{ label: 'Herring', data: fish(11), tension: 0.4, fill: true }, { label: 'Cod', data: fish(17), borderDash: [6, 3] }] } }),
  new Chart('bars', { type: 'bar', options: options(), data: { labels, datasets: [{ label: 'Tons', data: fish(7), backgroundColor: '#0ea5e9' }] } }),
  new Chart('shares', { type: 'doughnut', options: options(), data: { labels: ['North', 'South', 'Island'], datasets: [{ data: [3, 5, 2] }] } }),
];
document.querySelector('#more').onclick = () => {
  for (const chart of charts) {
    for (const set of chart.data.datasets) set.data = set.data.map((one) => (one * 13) % 41);
    chart.update();
  }
};

import * as d3 from 'd3';

const [width, height] = [900, 560];
const random = d3.randomLcg(0.42);
const points = d3.range(120).map((n) => ({ n, x: n / 4, y: 10 + 6 * Math.sin(n / 9) + 3 * random(), r: 3 + 8 * random() }));
const x = d3.scaleLinear([0, 30], [40, width - 20]);
const y = d3.scaleLinear([0, 22], [height - 30, 10]);
const colour = d3.scaleSequential(d3.interpolateViridis).domain([0, 22]);
const svg = d3.select('#chart').append('svg').attr('width', width).attr('height', height);
const fade = svg.append('defs').append('linearGradient').attr('id', 'fade').attr('gradientTransform', 'rotate(90)');
fade.append('stop').attr('offset', '0%').attr('stop-color', '#0ea5e9').attr('stop-opacity', 0.5);
fade.append('stop').attr('offset', '100%').attr('stop-color', '#0ea5e9').attr('stop-opacity', 0);
svg.append('clipPath').attr('id', 'clip').append('rect').attr('x', 40).attr('width', width - 60).attr('height', height - 30);
svg.append('g').attr('class', 'axis').attr('transform', `translate(0,${height - 30})`).call(d3.axisBottom(x));
svg.append('g').attr('class', 'axis').attr('transform', 'translate(40,0)').call(d3.axisLeft(y));
const plot = svg.append('g').attr('clip-path', 'url(#clip)');
const area = d3.area().curve(d3.curveCatmullRom).x((point) => x(point.x)).y0(y(0)).y1((point) => y(point.y));
const under = plot.append('path').attr('fill', 'url(#fade)').attr('d', area(points));
const inside = plot.append('g');
const said = (text) => d3.select('#said').text(text);

function draw() {
  const moves = inside.selectAll('circle').data(points, ({ n }) => n).join('circle').attr('class', 'dot').on('click', (_, { n }) => said(`point ${n}`))
    .transition().duration(400).attr('cx', (point) => x(point.x)).attr('cy', (point) => y(point.y)).attr('r', (point) => point.r).attr('fill', (point) => colour(point.y));
  under.transition().duration(400).attr('d', area(points));
  moves.end().then(() => said('drawn'));
}
const zoom = d3.zoom().scaleExtent([1, 8]).on('zoom', ({ transform }) => plot.attr('transform', transform));
svg.call(zoom);
document.querySelector('#next').onclick = () => {
  said('moving');
  for (const point of points) point.y = Math.max(1, 20 - point.y + random());
  draw();
};
document.querySelector('#zoom').onclick = () => svg.transition().duration(300).call(zoom.scaleBy, 2).end().then(() => said('zoomed'));
draw();

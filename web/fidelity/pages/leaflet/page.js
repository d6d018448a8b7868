import 'leaflet/dist/leaflet.css';
import L from 'leaflet';

const map = L.map('map', { fadeAnimation: false, zoomAnimation: true }).setView([54.2, 8.1], 8);
L.tileLayer('/tiles/{z}-{x}-{y}.svg', { attribution: 'our own tiles' }).on('load', () => (document.body.dataset.tiles = 'loaded')).on('loading', () => (document.body.dataset.tiles = 'loading')).addTo(map);
L.marker([54.18, 7.89], { icon: L.icon({ iconUrl: '/buoy.svg', iconSize: [28, 40], iconAnchor: [14, 40], popupAnchor: [0, -36] }) }).bindPopup('<b>Island</b><br>Landing at high water only').addTo(map);
L.circle([54.4, 8.6], { radius: 12_000, color: '#b91c1c' }).bindTooltip('Shallows', { permanent: true }).addTo(map);
L.polyline([[53.9, 8.7], [54.0, 8.2], [54.18, 7.89]], { color: '#0f766e', dashArray: '8 6' }).addTo(map);
L.control.scale().addTo(map);

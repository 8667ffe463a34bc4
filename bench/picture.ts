/** Draws the requests/s of every side as bars, relative to the floor's, and lists the targets. */
import { isMet, type Report, type Row, type SideFigures } from './report.ts';

const LEFT = 190;
const WIDTH = 760;
const BAR = 18;
const COLORS: Readonly<Record<string, string>> = {
  gateway: '#1d4ed8',
  floor: '#64748b',
  fastify: '#0f766e',
  stock: '#b45309',
};

export function picture(report: Report): string {
  const rows: string[] = [];
  let y = 46;
  for (const [path, sides] of Object.entries(Object.groupBy(report.sides, (one) => one.path))) {
    rows.push(label(16, (y += 44), path, 'bold'));
    for (const side of sides ?? []) rows.push(bar((y += BAR + 6), side, floorOf(sides)));
  }
  for (const [part, lines] of Object.entries(Object.groupBy(report.rows, (one) => one.part))) {
    rows.push(label(16, (y += 44), part, 'bold'));
    for (const line of lines ?? []) rows.push(figuresOf((y += 20), line));
  }
  if (report.figures.length > 0) rows.push(label(16, (y += 44), 'Targets', 'bold'));
  for (const figure of report.figures) {
    const { target, path, what, value, sense, bound } = figure;
    const text = `${target} ${path} ${what}: ${value.toFixed(2)} (${sense} ${bound})`;
    rows.push(label(16, (y += 20), `${isMet(figure) ? 'met' : 'missed'}  ${text}`));
  }
  const facts = `${report.date}, commit ${report.commit}, Node ${report.node}, ${report.machine}, ${report.amounts.rounds} rounds${report.isSteady ? '' : ', not steady'}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH} ${y + 24}" font-family="system-ui, sans-serif" font-size="13">
<title>Speed of Gatehouse against a hand-written floor, Fastify and stock Express</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${label(16, 28, heading(report), 'bold')}
${label(16, 48, facts)}
${rows.join('\n')}
</svg>
`;
}

const heading = ({ sides }: Report): string =>
  sides.length > 0 ? 'Requests per second, floor = 1' : 'Figures of the bench';

const floorOf = (sides: readonly SideFigures[] = []): number =>
  sides.find(({ side }) => side === 'floor')?.perSecond ?? NaN;

function bar(y: number, { side, perSecond, cpuMicros, p99Ms }: SideFigures, floor: number): string {
  const share = perSecond / floor;
  const width = Math.max(1, Math.round(share * 320));
  const facts = `${share.toFixed(2)}   ${perSecond.toFixed(0)}/s, ${cpuMicros.toFixed(0)} µs CPU, p99 ${p99Ms.toFixed(1)} ms`;
  return [
    label(32, y + 13, side),
    `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR}" fill="${COLORS[side] ?? '#000000'}"/>`,
    label(LEFT + width + 8, y + 13, facts),
  ].join('');
}

function figuresOf(y: number, { name, values }: Row): string {
  const facts = Object.entries(values).map(([what, value]) => `${what} ${short(value)}`);
  return label(32, y, name) + label(LEFT + 220, y, facts.join(', '));
}

const short = (value: number): string => value.toFixed(Math.abs(value) >= 20 ? 0 : 2);

const label = (x: number, y: number, text: string, weight = 'normal'): string =>
  `<text x="${x}" y="${y}" font-weight="${weight}" fill="#0f172a" xml:space="preserve">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
